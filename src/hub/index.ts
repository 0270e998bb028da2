export type { HubFile } from './list-files.ts';
export { type ModelCardOptions, modelCard } from './model-card.ts';
export { type HubPush, type PushToHubOptions, pushToHub } from './push-to-hub.ts';
export { type WriteModelCardsOptions, writeModelCards } from './write-model-cards.ts';
