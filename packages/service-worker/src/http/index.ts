export {answerFromStored} from './answerFromStored.ts';
export {type AnswerSeveral, answerRanges, contentRangeOf, type Readable, rangesOf} from './answerRanges.ts';
export {type ByteRange, byteRanges, type ContentRange, contentRange} from './byteRanges.ts';
export {deriveRequest, type RequestChanges} from './deriveRequest.ts';
export {discardBody} from './discardBody.ts';
export {isRedirectedCode} from './isRedirectedCode.ts';
export {multipart} from './multipart.ts';
export {type Rebuilt, rebuildResponse} from './rebuildResponse.ts';
export {shownUrl} from './shownUrl.ts';
