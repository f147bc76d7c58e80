// What generated workers import of ours, in one place, of which bundlers take what is used.
//
// The name counts. Where Workbox writes its runtime into a file of its own, every module with `workbox` in its path goes
// there, together with whatever it imports. So this brings our code into the same file, and leaves only the names below
// between that and the worker. If both files held parts of our code they could share one of Babel's helpers, whose names
// begin with `_`; Workbox lets such names be renamed, and in each of the two files that gives another name.
export * from '@holdfast/service-worker/generated';
export {isolatePrecache} from './isolatePrecache.ts';
