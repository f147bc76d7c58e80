import type {ServerResponse} from 'node:http';
import type {MetFault} from '../Faults.ts';
import type {LogEntry} from '../RequestLog.ts';
import type {Answer} from './Answer.ts';
import {paceBody} from './paceBody.ts';

/** Statuses without a body: https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = new Set([204, 304]);

const whenClosed = (response: ServerResponse): Promise<undefined> =>
  new Promise((resolve) => {
    response.once('close', () => resolve(undefined));
    if (response.closed) {
      resolve(undefined);
    }
  });

/** Sends an answer chunk by chunk, each after the previous one was written. Returns how it ended. */
export const sendAnswer = async (
  response: ServerResponse,
  {body, declaredLength = body.size, headers, status}: Answer,
  met: MetFault | undefined,
  entry: LogEntry,
): Promise<NonNullable<LogEntry['ended']>> => {
  const closed = whenClosed(response);
  const hasBody = !NULL_BODY.has(status);
  const length = hasBody && declaredLength !== 'absent' ? {'content-length': declaredLength} : {};
  entry.status = status;
  response.writeHead(status, {...headers, ...length});
  response.flushHeaders();

  if (hasBody && entry.method !== 'HEAD') {
    const chunks = paceBody(body, met);
    let next = await Promise.race([chunks.next(), closed]);
    while (next && !next.done && !response.closed) {
      const {value} = next;
      const written = new Promise<unknown>((resolve) => response.write(value, resolve));
      await Promise.race([written, closed]);
      entry.bytesSent += value.byteLength;
      next = await Promise.race([chunks.next(), closed]);
    }
    // Not awaited: a stalled body ends when it is released. This closes its file then.
    void chunks.return(undefined);
  }

  if (met?.fault.kind === 'cut' && !response.closed) {
    response.destroy();
    return 'cut';
  }
  response.end();
  await closed;
  return response.writableFinished ? 'complete' : 'aborted';
};
