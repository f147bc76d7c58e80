import type {Answer, Host, Question} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import {answerWithFile} from './answerWithFile.ts';
import {answerWithListing} from './api/answerWithListing.ts';
import {apiFailure} from './api/apiFailure.ts';
import type {HubRepository} from './HubRepository.ts';
import {type FailureCode, hubFailure} from './hubFailure.ts';
import {hubHeaders} from './hubHeaders.ts';
import {type HubPath, parseHubPath} from './parseHubPath.ts';
import type {Cdn} from './redirectToCdn.ts';

const isListing = ({action}: HubPath): boolean => action === 'tree' || action === 'paths-info';

const hasItsMethod = ({method}: Question, {action}: HubPath): boolean =>
  (method === 'POST') === (action === 'paths-info');

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
    if (!asked || !hasItsMethod(question, asked)) {
      return hubFailure(question, 'EntryNotFound');
    }
    const fail = (code: FailureCode): Answer =>
      isListing(asked) ? apiFailure(question, code, asked) : hubFailure(question, code);
    const repository = repositories.find(({id, kind}) => id === asked.id && kind === asked.kind);
    if (!repository) {
      return fail('RepoNotFound');
    }
    if (asked.action === 'resolve-cache' && !/^[0-9a-f]{40}$/.test(asked.revision ?? '')) {
      return fail('BadRequest');
    }
    const tree = repository.revisions.get(asked.revision);
    if (!tree) {
      return fail('RevisionNotFound');
    }
    return isListing(asked)
      ? answerWithListing(question, repository, tree, asked)
      : answerWithFile(question, repository, tree, asked, cdn);
  };
