import type {Answer, Question} from '../../answers/Answer.ts';
import {answerWithBlob} from './answerWithBlob.ts';
import {type HubRepository, type HubTree, isInGit} from './HubRepository.ts';
import {hubFailure} from './hubFailure.ts';
import type {HubPath} from './parseHubPath.ts';
import {type Cdn, redirectToCdn} from './redirectToCdn.ts';
import {redirectToResolveCache} from './redirectToResolveCache.ts';

/** Answers with a redirect to a file, or with the file. */
export const answerWithFile = (
  question: Question,
  repository: HubRepository,
  tree: HubTree,
  asked: HubPath,
  cdn: Cdn,
): Answer | Promise<Answer> => {
  const commit = tree.commit?.id;
  const file = tree.files.find(({path}) => path === asked.path);
  if (!file) {
    return hubFailure(question, 'EntryNotFound', commit);
  }
  if (asked.action === 'raw') {
    return answerWithBlob(question, repository, tree, file);
  }
  if (!commit || !isInGit(repository, file)) {
    return redirectToCdn(question, repository, commit, file, cdn);
  }
  return asked.action === 'resolve-cache'
    ? answerWithBlob(question, repository, tree, file)
    : redirectToResolveCache(question, repository, commit, file);
};
