import type {Answer, Host} from '../../answers/Answer.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import type {Faults} from '../../Faults.ts';
import type {Links} from '../../Links.ts';
import type {RequestLog} from '../../RequestLog.ts';
import {parseFaultRule} from './parseFaultRule.ts';
import {parseLinkRule} from './parseLinkRule.ts';

const NO_STORE = {'cache-control': 'no-store'};

const json = (value: unknown): Answer =>
  textAnswer(200, JSON.stringify(value), {...NO_STORE, 'content-type': 'application/json; charset=utf-8'});

export const isControlCall = (path: string): boolean => path.startsWith('/__control/');

/** Lets a page or a person with a terminal add faults, simulate connections and read the log. */
export const createControl = (faults: Faults, links: Links, log: RequestLog): Host => {
  const adding =
    (add: (json: string) => void): Host =>
    async (question) => {
      try {
        add(await question.text());
        return json({});
      } catch (error) {
        return textAnswer(400, String(error), NO_STORE);
      }
    };
  const calls: Readonly<Record<string, Host>> = {
    'POST /__control/fault': adding((rule) => faults.add(parseFaultRule(rule))),
    'POST /__control/link': adding((rule) => links.set(parseLinkRule(rule))),
    'DELETE /__control/faults': () => {
      faults.clear();
      return json({});
    },
    'GET /__control/log': () => json(log.requests()),
    'GET /__control/traffic': ({url}) => json(log.traffic(url.searchParams.get('match') ?? '')),
  };

  return (question) => {
    const call = calls[`${question.method} ${question.url.pathname}`];
    return call ? call(question) : textAnswer(404, `The calls are: ${Object.keys(calls).join(', ')}.`);
  };
};
