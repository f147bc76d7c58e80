import type {Answer, Question} from '../../../answers/Answer.ts';
import type {HubPath} from '../parseHubPath.ts';
import {answerWithJson} from './answerWithJson.ts';
import {apiFailure} from './apiFailure.ts';
import type {Listing, ListingRow} from './Listing.ts';

const isPresent = (row: ListingRow | undefined): row is ListingRow => row !== undefined;

const parse = (text: string): {expand?: unknown; paths?: unknown} | null => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Answers with the rows of the requested paths, in the same order. Missing paths are omitted. */
export const answerWithPaths = async (
  question: Question,
  listing: Listing,
  asked: HubPath,
): Promise<Answer> => {
  // A body of another type is ignored, even if it is JSON.
  const isJson = question.headers['content-type']?.includes('json');
  const body = isJson ? parse(await question.text()) : null;
  if (!Array.isArray(body?.paths)) {
    return apiFailure(question, 'BadRequest', asked);
  }
  const expand = body.expand === true;
  const rows = body.paths.map((path) => listing.find(path, {expand}));
  return answerWithJson(question, 200, rows.filter(isPresent));
};
