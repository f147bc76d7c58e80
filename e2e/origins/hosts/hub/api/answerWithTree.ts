import type {Answer, Question} from '../../../answers/Answer.ts';
import type {HubPath} from '../parseHubPath.ts';
import {answerWithJson} from './answerWithJson.ts';
import {apiFailure} from './apiFailure.ts';
import type {Listing} from './Listing.ts';
import {pageOf} from './pageOf.ts';

/** The rows of a page, unless the client requests another number. */
const LIMIT = 1_000;
const LIMIT_EXPANDED = 100;

/** Answers with a page of a folder's rows, or of everything below it. */
export const answerWithTree = (question: Question, listing: Listing, asked: HubPath): Answer => {
  const {url} = question;
  const recursive = url.searchParams.get('recursive');
  const expand = url.searchParams.get('expand') === 'true';
  const rows = listing.folder(asked.path, recursive === null ? undefined : recursive === 'true', {expand});
  if (!rows) {
    return apiFailure(question, 'EntryNotFound', asked);
  }
  const page = pageOf(url, rows, expand ? LIMIT_EXPANDED : LIMIT);
  return page
    ? answerWithJson(question, 200, page.rows, page.headers)
    : apiFailure(question, 'BadRequest', asked);
};
