/** What a page imports: it compiles without the types of Node. */
import { alignmentLevels, type ImprovementFit, improvementRate } from 'aloe-align/metrics';

const fit: ImprovementFit | null = improvementRate(alignmentLevels([[1, 2, 3]]));
export const title: string = `IR ${fit?.slope}`;
