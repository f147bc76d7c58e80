import {type Manifest, parseManifest} from '@holdfast/manifest';
import {discardBody} from '../../http/discardBody.ts';
import {shownText, shownUrl} from '../../http/shownUrl.ts';
import {StallWatch} from '../../timing/StallWatch.ts';

/**
 * Fetches a manifest. Its paths are relative to the URL that is asked for, wherever that redirects to.
 *
 * @param url relative to the worker's script.
 * @throws Error that names the URL and what went wrong; the signal's reason.
 */
export const fetchManifest = async (
  url: string,
  signal: AbortSignal,
  headers: Headers = new Headers(),
): Promise<Manifest> => {
  const watch = new StallWatch(signal);
  let address = url;
  try {
    address = new URL(url, location.href).href;
    const response = await fetch(address, {cache: 'no-cache', headers, signal: watch.signal});
    if (!response.ok) {
      discardBody(response);
      throw new Error(`the server answered with ${response.status}`);
    }
    const transform: TransformerTransformCallback<unknown, unknown> = (chunk, controller) => {
      watch.alive();
      controller.enqueue(chunk);
    };
    const body = response.body?.pipeThrough(new TransformStream<never, never>({transform}));
    return parseManifest(await new Response(body).json(), address);
  } catch (error) {
    signal.throwIfAborted();
    const {message} = error as Error;
    throw new Error(`the manifest '${shownUrl(address)}' cannot be read: ${shownText(message)}`);
  } finally {
    watch.end();
  }
};
