import type {Content} from '../content/Content.ts';
import {writeContent} from '../content/writeContent.ts';
import {makeFolder} from './makeFolder.ts';
import {SMALL_PLAN} from './smallPlan.ts';

export const makeSmallContent = async (): Promise<Content> =>
  writeContent(await makeFolder(), SMALL_PLAN, () => {});
