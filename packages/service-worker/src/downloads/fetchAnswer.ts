import {deriveRequest} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {type Clock, systemClock} from '../timing/Clock.ts';

/** How long a host may take for its answer before it is asked on another connection, too. Doubles each time. */
const FIRST_PATIENCE_MS = 10_000;

/** The browser has six connections for each host of HTTP/1.1, and others need some of them. */
const OPEN_AT_A_TIME = 2;

/** As long as an event may hold the worker. A proxy may check a file for minutes before it passes it on. */
export const LONGEST_WAIT_MS = 240_000;

/** Limits of {@link fetchAnswer}. */
interface AnswerLimits {
  /** Aborts the request until there is an answer. The body has its own limits. */
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
}

/** The browser's HTTP cache lets a request wait for another one to the same URL. */
const pastCache = (request: Request): Request =>
  request.cache === 'default' ? deriveRequest(request, {cache: 'reload'}) : request;

/**
 * Fetches. Where no answer comes, the host is asked on other connections as well: the first answer counts, and the other
 * requests are aborted.
 *
 * @throws the signal's reason, a TypeError when there is no answer in time, and what `fetch` throws.
 */
export const fetchAnswer = (
  request: Request,
  {signal, clock = systemClock}: AnswerLimits = {},
): Promise<Response> =>
  new Promise((resolve, reject) => {
    const open: AbortController[] = [];
    let isOver = false;
    let cancelNext = (): void => undefined;
    const end = (settle: () => void, winner?: AbortController): void => {
      isOver = true;
      cancelNext();
      cancelLimit();
      signal?.removeEventListener('abort', onAbort);
      for (const attempt of open) {
        if (attempt !== winner) {
          attempt.abort();
        }
      }
      settle();
    };
    const onAbort = (): void => end(() => reject(signal?.reason));
    const cancelLimit = clock.after(LONGEST_WAIT_MS, () =>
      end(() => reject(new TypeError('Nothing arrives on the connection any more.'))),
    );

    const ask = async (asked: Request, patienceMs: number): Promise<void> => {
      const attempt = new AbortController();
      // The request's own signal ends the body as well.
      const {signal: own} = request;
      const onOwnAbort = (): void => attempt.abort(own.reason);
      own.addEventListener('abort', onOwnAbort);
      if (own.aborted) {
        onOwnAbort();
      }
      open.push(attempt);
      if (open.length > OPEN_AT_A_TIME) {
        open.shift()?.abort();
      }
      cancelNext();
      cancelNext = clock.after(patienceMs, () => void ask(pastCache(request), patienceMs * 2));
      try {
        const response = await fetch(deriveRequest(asked, {signal: attempt.signal}));
        if (isOver) {
          discardBody(response);
        } else {
          end(() => resolve(response), attempt);
        }
      } catch (error) {
        // Another connection may have taken its place, or may still bring the answer.
        if (isOver || !open.includes(attempt)) {
          return;
        }
        open.splice(open.indexOf(attempt), 1);
        if (own.aborted || open.length === 0) {
          end(() => reject(error));
        }
      }
    };
    if (signal?.aborted) {
      onAbort();
    } else {
      signal?.addEventListener('abort', onAbort);
      void ask(request, FIRST_PATIENCE_MS);
    }
  });
