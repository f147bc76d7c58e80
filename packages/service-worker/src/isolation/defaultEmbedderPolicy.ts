import type {EmbedderPolicy} from './options.ts';

/**
 * Since when engines know `credentialless`. WebKit does not (https://bugs.webkit.org/show_bug.cgi?id=230550), and so
 * no browser on iOS, where Chrome calls itself `CriOS` and Firefox `FxiOS`; nor does Firefox on Android.
 * https://github.com/mdn/browser-compat-data/blob/main/http/headers/Cross-Origin-Embedder-Policy.json
 */
const CREDENTIALLESS_SINCE = [
  {engine: /Chrome\/(\d+)/, version: 96},
  {engine: /^(?!.*Android).*Firefox\/(\d+)/, version: 119},
];

/**
 * The policy that asks the least of other hosts, among those that the browser has. A policy that it does not have
 * would leave pages without isolation: https://html.spec.whatwg.org/#obtain-an-embedder-policy
 *
 * The name of the browser has to do, because a worker cannot try it out: it is a page's headers that count.
 */
export const defaultEmbedderPolicy = (userAgent: string): EmbedderPolicy =>
  CREDENTIALLESS_SINCE.some(({engine, version}) => Number(engine.exec(userAgent)?.[1]) >= version)
    ? 'credentialless'
    : 'require-corp';
