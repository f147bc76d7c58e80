export {downloads} from './downloads.ts';
export type {ResumableCacheFirstOptions} from './options.ts';
export {ResumableCacheFirst} from './ResumableCacheFirst.ts';
