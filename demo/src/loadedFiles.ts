/** A file that was loaded in a page or a worker. */
export interface LoadedFile {
  url: string;
  seconds: number;
  bytes: number;
}

/** Returns the files below a URL that libraries loaded themselves in this page or worker, oldest first. */
export const loadedFiles = (below: string): LoadedFile[] =>
  performance
    .getEntriesByType('resource')
    .filter((entry): entry is PerformanceResourceTiming => entry.name.startsWith(below))
    .map(({name, duration, decodedBodySize}) => ({
      url: name,
      seconds: duration / 1000,
      bytes: decodedBodySize,
    }));
