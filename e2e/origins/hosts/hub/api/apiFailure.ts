import type {Answer, Question} from '../../../answers/Answer.ts';
import {FAILURES, type FailureCode} from '../hubFailure.ts';
import type {HubPath} from '../parseHubPath.ts';
import {answerWithJson} from './answerWithJson.ts';

const MESSAGES: Readonly<Record<FailureCode, (asked: HubPath) => string>> = {
  BadRequest: () => 'Invalid input',
  EntryNotFound: ({path, revision}) => `${path} does not exist on "${revision}"`,
  RepoNotFound: () => FAILURES.RepoNotFound.message,
  RevisionNotFound: ({revision}) => `Invalid rev id: ${revision}`,
};

/** The API says in JSON what went wrong, and in more detail than where there are files. */
export const apiFailure = (question: Question, code: FailureCode, asked: HubPath): Answer => {
  const {headers, status} = FAILURES[code];
  const error = MESSAGES[code](asked);
  return answerWithJson(
    question,
    status,
    {error},
    {
      ...headers,
      // A code for this one would tell what the status hides.
      ...(code === 'RepoNotFound' ? {} : {'x-error-code': code}),
      // A path may have characters that a header may not have.
      'x-error-message': error.replace(/[^ -~]/g, '?'),
    },
  );
};
