/** Generates what the origins serve, if it is not there yet: `node origins/content/generate.ts`. */
import {ensureContent} from './ensureContent.ts';

const {bucket, folder} = await ensureContent();
console.log(`Content: ${bucket.releases.length} releases in ${folder}`);
