export {type Failure, failureSentence, failureText} from '../worker/failureText.ts';
export {missSentence} from '../worker/missSentence.ts';
export {nothingKnown} from './nothingKnown.ts';
export * from './protocol.ts';
