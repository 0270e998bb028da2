export { type AdaptiveEvent, type AdaptiveOptions, adaptive } from './adaptive.ts';
