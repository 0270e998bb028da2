/** Which slot of a llama.cpp server computes what, as far as this process knows. */
export class SlotTable {
  readonly #slots: { readonly id: number; prompt: string | undefined; isBusy: boolean; lastUsed: number }[];
  #uses = 0;

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, (_, id) => ({
      id,
      prompt: undefined,
      isBusy: false,
      lastUsed: 0,
    }));
  }

  /**
   * Takes the idle slot that had this prompt last, else the one idle for longest. The server would let a call to a busy
   * slot wait while others are idle.
   *
   * @returns undefined if all are busy.
   */
  take(prompt: string): { readonly id: number; free(): void } | undefined {
    const idle = this.#slots.filter(({ isBusy }) => !isBusy).sort((a, b) => a.lastUsed - b.lastUsed);
    const slot = idle.find((each) => each.prompt === prompt) ?? idle[0];
    if (slot === undefined) return undefined;
    this.#uses += 1;
    Object.assign(slot, { prompt, isBusy: true, lastUsed: this.#uses });
    return {
      id: slot.id,
      free() {
        slot.isBusy = false;
      },
    };
  }
}
