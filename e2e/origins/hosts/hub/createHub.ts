import type {Host} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import {answerFromResolveCache} from './answerFromResolveCache.ts';
import {type HubRepository, isInGit} from './HubRepository.ts';
import {hubFailure} from './hubFailure.ts';
import {hubHeaders} from './hubHeaders.ts';
import {parseHubPath} from './parseHubPath.ts';
import {type Cdn, redirectToCdn} from './redirectToCdn.ts';
import {redirectToResolveCache} from './redirectToResolveCache.ts';

/** `huggingface.co` */
export const createHub =
  (repositories: readonly HubRepository[], cdn: Cdn): Host =>
  (question) => {
    if (question.method === 'OPTIONS') {
      const headers = {
        ...hubHeaders(question),
        'access-control-allow-headers': question.headers['access-control-request-headers'] ?? '',
        'access-control-allow-methods': 'GET',
      };
      return {status: 200, headers, body: bytesBody('')};
    }

    const asked = parseHubPath(question.url.pathname);
    if (!asked) {
      return hubFailure(question, 'EntryNotFound');
    }
    const repository = repositories.find(({id, kind}) => id === asked.id && kind === asked.kind);
    if (!repository) {
      return hubFailure(question, 'RepoNotFound');
    }
    if (asked.isResolved && !/^[0-9a-f]{40}$/.test(asked.revision ?? '')) {
      return hubFailure(question, 'BadRequest');
    }
    const tree = repository.revisions.get(asked.revision);
    if (!tree) {
      return hubFailure(question, 'RevisionNotFound');
    }
    const {commit, files, folder} = tree;
    const file = files.find(({path}) => path === asked.path);
    if (!file) {
      return hubFailure(question, 'EntryNotFound', commit);
    }

    if (!commit || !isInGit(repository, file)) {
      return redirectToCdn(question, repository, commit, file, cdn);
    }
    return asked.isResolved
      ? answerFromResolveCache(question, folder, commit, file)
      : redirectToResolveCache(question, repository, commit, file);
  };
