/** Generates the content of the origins if it is missing: `node origins/content/generate.ts`. */
import {ensureContent} from './ensureContent.ts';

const {bucket, folder} = await ensureContent();
console.log(`Content: ${bucket.releases.length} releases in ${folder}`);
