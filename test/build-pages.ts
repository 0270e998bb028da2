import { writePageAssets } from '../tools/build-pages.ts';

/** Tests run the pages as they are now. */
export default writePageAssets;
