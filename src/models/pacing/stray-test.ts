/**
 * A refusal counts one point, and each call sent takes off some. At this many points, and this many more for each call of a
 * second, the refusals are no strays: jitter alone fills a window of a second for a moment.
 */
const TRIP = 4;
const TRIP_PER_CALL = 0.05;
/** Points that a call takes off while no stray refusals are known: up to one call in twenty may be refused. */
const TOLERATED = 0.05;
/** And this many times the share of refusals that have nothing to do with the load. */
const NOISE_FACTOR = 2;
/** The noise is remembered over about this many calls at a low rate. */
const MEMORY = 200;

/**
 * Tells refusals that come from too many calls from strays, such as those of one bad upstream behind a gateway. Strays are
 * refused whatever the rate is, so their share is measured where the rate is low, and only a share well above it counts. (A
 * CUSUM test with a learned baseline.)
 */
export interface StrayTest {
  /** Share of calls refused at a low rate. */
  readonly noise: number;
  sent(): void;
  /** A call was refused. @returns whether refusals are too many for strays. @param load calls per second. */
  refused(load: number): boolean;
  /** Counts again. */
  restart(): void;
  /** So many of so many calls at a low rate were refused. */
  learn(refused: number, calls: number): void;
  /** This share of calls is refused at any rate. */
  set(share: number): void;
  /** This share of calls was refused at a higher rate. No more of them were strays. */
  atMost(share: number): void;
}

/** A test that knows no strays. */
export function strayTest(): StrayTest {
  let points = 0;
  let noise = 0;
  return {
    get noise() {
      return noise;
    },
    sent() {
      points = Math.max(0, points - TOLERATED - NOISE_FACTOR * noise);
    },
    refused(load) {
      points += 1;
      return points >= TRIP + TRIP_PER_CALL * load;
    },
    restart() {
      points = 0;
    },
    learn(refused, calls) {
      if (calls > 0) noise += (refused / calls - noise) * (1 - (1 - 1 / MEMORY) ** calls);
    },
    set(share) {
      noise = share;
    },
    atMost(share) {
      noise = Math.min(noise, share);
    },
  };
}
