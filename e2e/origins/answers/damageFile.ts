import type {Fault} from '../Faults.ts';
import type {Answer, Body, Question} from './Answer.ts';
import {textAnswer} from './textAnswer.ts';

/** Returns the CORS headers. Without them, a page cannot distinguish a refusal from a network failure. */
const corsHeaders = ({headers}: Answer): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-control-|vary$)/.test(name)));

const truncated = (body: Body, size: number): Body => ({
  size: Math.min(size, body.size),
  read: (start, end) => body.read(start, end),
});

const withInvertedByte = (body: Body, position: number): Body => ({
  size: body.size,
  async *read(start, end) {
    let at = start;
    for await (const chunk of body.read(start, end)) {
      const copy = Uint8Array.from(chunk);
      const wrong = copy[position - at];
      if (wrong !== undefined) {
        copy[position - at] = wrong ^ 0xff;
      }
      at += chunk.byteLength;
      yield copy;
    }
  },
});

/** Applies the faults that change the file, before a part of it is selected. */
export const damageFile = (answer: Answer, fault: Fault | undefined, {url}: Question): Answer => {
  switch (fault?.kind) {
    case 'status':
      return textAnswer(fault.status, `A fault answers with ${fault.status}.`, corsHeaders(answer));
    case 'redirect-loop':
      return textAnswer(302, 'A fault redirects to the same URL.', {
        ...corsHeaders(answer),
        location: url.href,
      });
    case 'truncate':
      return {...answer, body: truncated(answer.body, fault.toBytes)};
    case 'wrong-bytes':
      return {...answer, body: withInvertedByte(answer.body, fault.atByte ?? answer.body.size >> 1)};
    default:
      return answer;
  }
};
