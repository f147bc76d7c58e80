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

/** Answers with a failure in JSON, with more details than failures of files. */
export const apiFailure = (question: Question, code: FailureCode, asked: HubPath): Answer => {
  const {headers, status} = FAILURES[code];
  const error = MESSAGES[code](asked);
  return answerWithJson(
    question,
    status,
    {error},
    {
      ...headers,
      // A code would reveal what the status hides.
      ...(code === 'RepoNotFound' ? {} : {'x-error-code': code}),
      // A path can have characters that a header cannot have.
      'x-error-message': error.replace(/[^ -~]/g, '?'),
    },
  );
};
