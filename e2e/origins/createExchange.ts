import type {ServerResponse} from 'node:http';
import type {Host, Question} from './answers/Answer.ts';
import {damageFile} from './answers/damageFile.ts';
import {encodeAnswer} from './answers/encodeAnswer.ts';
import {misdeclareLength} from './answers/misdeclareLength.ts';
import {selectPart} from './answers/selectPart.ts';
import {sendAnswer} from './answers/sendAnswer.ts';
import {textAnswer} from './answers/textAnswer.ts';
import type {Faults} from './Faults.ts';
import type {LogEntry, RequestLog} from './RequestLog.ts';

export interface ExchangeParts {
  faults: Faults;
  log: RequestLog;
  redirectedFrom(url: URL): string | undefined;
}

export type Exchange = (
  to: LogEntry['to'],
  host: Host,
  question: Question,
  response: ServerResponse,
) => Promise<void>;

const isPresent = (url: string | undefined): url is string => url !== undefined;

/** From a request to the last byte of its answer, the same for all hosts. */
export const createExchange =
  ({faults, log, redirectedFrom}: ExchangeParts): Exchange =>
  async (to, host, question, response) => {
    const {headers, method, url} = question;
    const entry: LogEntry = {
      to,
      host: url.host,
      method,
      url: url.href,
      path: url.pathname,
      requestHeaders: headers,
      range: headers.range,
      origin: headers.origin,
      redirectedFrom: redirectedFrom(url),
      at: Date.now(),
      status: undefined,
      bytesSent: 0,
      ended: undefined,
    };
    log.begin(entry);
    try {
      const answer = await host(question);
      const carriesFile = method === 'GET' && answer.status === 200;
      const urls = [entry.url, entry.redirectedFrom].filter(isPresent);
      // A preflight never fails by itself: the fault is kept for the request that it asks for.
      const met = method === 'OPTIONS' ? undefined : faults.meet(urls, carriesFile);
      const whole = damageFile(answer, met?.fault, question);
      const part = selectPart(question, await encodeAnswer(question, whole));
      log.end(entry, await sendAnswer(response, misdeclareLength(part, met?.fault), met, entry));
    } catch (error) {
      console.error(`The answer to ${method} ${url.pathname} failed.`, error);
      const failed = textAnswer(500, 'The local origin itself failed; see its output.');
      log.end(entry, response.headersSent ? 'aborted' : await sendAnswer(response, failed, undefined, entry));
      response.destroy();
    }
  };
