import type {EmbedderPolicy} from './options.ts';

/**
 * The engines that support `credentialless`, and since which version. WebKit does not
 * (https://bugs.webkit.org/show_bug.cgi?id=230550), and so no browser on iOS, where Chrome is called `CriOS` and Firefox
 * `FxiOS`. Nor does Firefox on Android.
 * https://github.com/mdn/browser-compat-data/blob/main/http/headers/Cross-Origin-Embedder-Policy.json
 */
const CREDENTIALLESS_SINCE = [
  {engine: /Chrome\/(\d+)/, version: 96},
  {engine: /^(?!.*Android).*Firefox\/(\d+)/, version: 119},
];

/**
 * Returns the policy that asks the least of other hosts, among those that the browser supports. One that it does not
 * support would leave pages without isolation. https://html.spec.whatwg.org/#obtain-an-embedder-policy
 *
 * The name of the browser decides, because a worker cannot test it: the headers of a page count.
 */
export const defaultEmbedderPolicy = (userAgent: string): EmbedderPolicy =>
  CREDENTIALLESS_SINCE.some(({engine, version}) => Number(engine.exec(userAgent)?.[1]) >= version)
    ? 'credentialless'
    : 'require-corp';
