import type {Fault} from '../Faults.ts';
import type {Answer} from './Answer.ts';

/** Applies the fault `wrong-length`. */
export const misdeclareLength = (answer: Answer, fault: Fault | undefined): Answer => {
  if (fault?.kind !== 'wrong-length') {
    return answer;
  }
  const {size} = answer.body;
  const declaredLength = {larger: size * 2 + 1, smaller: size >> 1, absent: 'absent' as const}[
    fault.declared
  ];
  // On a connection that stays open, the client would wait for the rest, or read into the next answer.
  return {...answer, declaredLength, headers: {...answer.headers, connection: 'close'}};
};
