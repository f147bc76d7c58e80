/**
 * What is to be told of a file that a page wants to have stored.
 *
 * - `unknown`: since the worker was first asked about its URL, `ResumableCacheFirst` has answered no request for it.
 * - `running`: its bytes come, or are waited for.
 * - `storing`: they are all there, in pieces, of which one entry is made.
 * - `over`: what there was to be done is done. Whether it is stored, the next request for it finds out.
 * - `in-pieces`: so it is, and all its bytes are there in pieces: for a moment, or for good where the browser has no room
 *   for an entry beside them.
 * - `stored`: the last request was answered from what is stored, without the network.
 * - `failed`: the last request, or its download. What is there stays, and the next request goes on from it.
 */
export type DownloadStateAnswer =
  | {state: 'unknown'}
  | {state: 'running' | 'storing' | 'over' | 'in-pieces' | 'stored'; key: string}
  | ({state: 'failed'; key: string} & DownloadFailure);

/**
 * Why a download has failed.
 *
 * - `interrupted`: the connection, or somebody has stopped it, or the file was replaced meanwhile. Ask again.
 * - `status`: the host has answered with something else than the file.
 * - `quota-exceeded`: the browser has no room for it.
 * - `storage-failed`: the browser's storage refused it for another reason.
 */
export type DownloadFailure =
  | {reason: 'interrupted' | 'quota-exceeded' | 'storage-failed'}
  | {reason: 'status'; status: number};

/** What a page may ask of the worker about large files. The form is that of `@holdfast/version-scope`. */
export interface LargeFilesMessages {
  /**
   * How it stands with a file. To be asked first before it is requested, so that the worker notes what becomes of the
   * request; and again and again while it is on its way, which keeps the worker alive.
   */
  HOLDFAST_DOWNLOAD_STATE: {
    request: {
      /** That of the request, not the key. */
      url: string;
      /** A state that the page knows of already. The answer waits for another one, ten seconds at most. */
      known?: DownloadStateAnswer['state'] | undefined;
    };
    answer: DownloadStateAnswer;
  };
}

export type LargeFilesMessageType = keyof LargeFilesMessages;
