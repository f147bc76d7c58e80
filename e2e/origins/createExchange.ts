import type {ServerResponse} from 'node:http';
import type {Host, Question} from './answers/Answer.ts';
import {damageFile} from './answers/damageFile.ts';
import {encodeAnswer} from './answers/encodeAnswer.ts';
import {misdeclareLength} from './answers/misdeclareLength.ts';
import {selectPart} from './answers/selectPart.ts';
import {sendAnswer} from './answers/sendAnswer.ts';
import {textAnswer} from './answers/textAnswer.ts';
import type {Faults} from './Faults.ts';
import type {Links} from './Links.ts';
import type {LogEntry, RequestLog} from './RequestLog.ts';

export interface ExchangeParts {
  faults: Faults;
  links: Links;
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

/** Handles a request up to the last byte of its answer, in the same way for all hosts. */
export const createExchange =
  ({faults, links, log, redirectedFrom}: ExchangeParts): Exchange =>
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
      const urls = [entry.url, entry.redirectedFrom].filter(isPresent);
      const link = links.find(urls);
      if (link?.isDown) {
        log.end(entry, 'cut');
        response.destroy();
        return;
      }
      await link?.roundTrip();
      const answered = await host(question);
      const answer = link ? link.carry(answered) : answered;
      const carriesFile = method === 'GET' && answer.status === 200;
      // Faults skip preflights, so that they affect the request that follows.
      const met = method === 'OPTIONS' ? undefined : faults.meet(urls, carriesFile);
      const complete = damageFile(answer, met?.fault, question);
      const part = selectPart(question, await encodeAnswer(question, complete));
      log.end(entry, await sendAnswer(response, misdeclareLength(part, met?.fault), met, entry));
    } catch (error) {
      console.error(`The answer to ${method} ${url.pathname} failed.`, error);
      const failed = textAnswer(500, 'The local origin failed. See its output.');
      log.end(entry, response.headersSent ? 'aborted' : await sendAnswer(response, failed, undefined, entry));
      response.destroy();
    }
  };
