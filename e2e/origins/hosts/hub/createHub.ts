import type {Host} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import type {Content} from '../../content/Content.ts';
import {answerFromResolveCache} from './answerFromResolveCache.ts';
import {hubRepositories, isInGit} from './HubRepository.ts';
import {hubFailure} from './hubFailure.ts';
import {hubHeaders} from './hubHeaders.ts';
import {parseHubPath} from './parseHubPath.ts';
import {type Cdn, redirectToCdn} from './redirectToCdn.ts';
import {redirectToResolveCache} from './redirectToResolveCache.ts';

/** `huggingface.co` */
export const createHub = (content: Content, cdn: Cdn): Host => {
  const repositories = hubRepositories(content);

  return (question) => {
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
    const {commit} = repository;
    if (asked.isResolved && !/^[0-9a-f]{40}$/.test(asked.revision ?? '')) {
      return hubFailure(question, 'BadRequest');
    }
    if (commit && asked.revision !== commit && !['main', 'refs/pr/1'].includes(asked.revision ?? '')) {
      return hubFailure(question, 'RevisionNotFound');
    }
    const file = repository.files.find(({path}) => path === asked.path);
    if (!file) {
      return hubFailure(question, 'EntryNotFound', commit);
    }

    if (!commit || !isInGit(repository, file)) {
      return redirectToCdn(question, repository, file, cdn);
    }
    return asked.isResolved
      ? answerFromResolveCache(question, repository, commit, file)
      : redirectToResolveCache(question, repository.id, commit, file);
  };
};
