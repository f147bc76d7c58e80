import type {Answer, Question} from '../../answers/Answer.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import {hubHeaders} from './hubHeaders.ts';

export type FailureCode = 'BadRequest' | 'EntryNotFound' | 'RepoNotFound' | 'RevisionNotFound';

interface Failure {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

export const FAILURES: Readonly<Record<FailureCode, Failure>> = {
  BadRequest: {status: 400, message: 'The revision must be a commit hash'},
  EntryNotFound: {status: 404, message: 'Entry not found'},
  // A reader who is not signed in does not learn whether a repository is private or does not exist.
  RepoNotFound: {
    status: 401,
    message: 'Invalid username or password.',
    headers: {'www-authenticate': 'Bearer realm="Authentication required", charset="UTF-8"'},
  },
  RevisionNotFound: {status: 404, message: 'Invalid rev id'},
};

export const hubFailure = (question: Question, code: FailureCode, commit?: string): Answer => {
  const {headers, message, status} = FAILURES[code];
  return textAnswer(status, message, {
    ...hubHeaders(question),
    ...headers,
    ...(commit ? {'x-repo-commit': commit} : {}),
    'x-error-code': code,
    'x-error-message': message,
  });
};
