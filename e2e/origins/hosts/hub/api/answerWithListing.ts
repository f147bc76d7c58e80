import type {Answer, Question} from '../../../answers/Answer.ts';
import type {HubRepository, HubTree} from '../HubRepository.ts';
import type {HubPath} from '../parseHubPath.ts';
import {answerWithPaths} from './answerWithPaths.ts';
import {answerWithTree} from './answerWithTree.ts';
import {bucketListing} from './bucketListing.ts';
import {gitListing} from './gitListing.ts';

/** Answers with a list of files, with sizes and digests. */
export const answerWithListing = (
  question: Question,
  repository: HubRepository,
  tree: HubTree,
  asked: HubPath,
): Answer | Promise<Answer> => {
  const listing = repository.kind === 'buckets' ? bucketListing(tree) : gitListing(repository, tree);
  return asked.action === 'tree'
    ? answerWithTree(question, listing, asked)
    : answerWithPaths(question, listing, asked);
};
