import type {Answer, Host} from '../../answers/Answer.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import type {Faults} from '../../Faults.ts';
import type {RequestLog} from '../../RequestLog.ts';
import {parseFaultRule} from './parseFaultRule.ts';

const NO_STORE = {'cache-control': 'no-store'};

const json = (value: unknown): Answer =>
  textAnswer(200, JSON.stringify(value), {...NO_STORE, 'content-type': 'application/json; charset=utf-8'});

export const isControlCall = (path: string): boolean => path.startsWith('/__control/');

/** Lets a page or a person with a terminal add faults and read the log. */
export const createControl = (faults: Faults, log: RequestLog): Host => {
  const addFault: Host = async (question) => {
    try {
      faults.add(parseFaultRule(await question.text()));
      return json({});
    } catch (error) {
      return textAnswer(400, String(error), NO_STORE);
    }
  };
  const calls: Readonly<Record<string, Host>> = {
    'POST /__control/fault': addFault,
    'DELETE /__control/faults': () => {
      faults.clear();
      return json({});
    },
    'GET /__control/log': () => json(log.requests()),
  };

  return (question) => {
    const call = calls[`${question.method} ${question.url.pathname}`];
    return call ? call(question) : textAnswer(404, `The calls are: ${Object.keys(calls).join(', ')}.`);
  };
};
