import type {Route} from 'workbox-routing';
import {parseUrl} from '../http/parseUrl.ts';
import {sleep} from '../timing/sleep.ts';
import {hasOurPlugins} from './routes.ts';
import {getOrCreateDefaultRouter, logger} from './workboxInternals.ts';

declare const self: ServiceWorkerGlobalScope;

/** How long a failed request waits for the browser to say that it was the policy that has blocked it. */
const SAID_WITHIN_MS = 100;

/**
 * The hosts from which the worker's own Content Security Policy keeps it: it comes with the worker's script, and its
 * `connect-src` may have fewer hosts than the `script-src` of a page has. What a page could fetch by itself must not fail
 * since there is a worker. So a request that fails for that is redirected to its own URL, and goes past the worker from then
 * on.
 *
 * https://w3c.github.io/webappsec-csp/#violation-events
 */
export class PolicyBlocks {
  /** The hosts that the policy has blocked in this life of the worker. */
  readonly hosts = new Set<string>();
  /** URLs that the worker has failed to fetch from them. What is stored of the same hosts is still answered. */
  private readonly passed = new Set<string>();
  private readonly watched = new WeakSet<Route>();
  private isListening = false;

  /** Has the routes with our plugins pass by what the policy blocks. Routes that are added later take another call. */
  passBy(): void {
    if (!this.isListening) {
      this.isListening = true;
      self.addEventListener('securitypolicyviolation', (event) => {
        const {blockedURI, disposition, effectiveDirective} = event as SecurityPolicyViolationEvent;
        const isOurs = disposition !== 'report' && effectiveDirective !== 'script-src';
        // The browser names no URL for code that is inline.
        const host = isOurs ? parseUrl(blockedURI)?.host : undefined;
        if (host && !this.hosts.has(host)) {
          this.hosts.add(host);
          if (process.env.NODE_ENV !== 'production') {
            logger.warn(
              `The Content Security Policy of the worker's script does not let it fetch from '${host}'. ` +
                'Such requests go past the worker, and nothing of them is stored. Add the host to connect-src.',
            );
          }
        }
      });
    }
    for (const route of getOrCreateDefaultRouter().routes.get('GET') ?? []) {
      if (!this.watched.has(route) && hasOurPlugins(route.handler)) {
        this.watched.add(route);
        this.pass(route);
      }
    }
  }

  private pass(route: Route): void {
    const {hosts, passed} = this;
    const {match} = route;
    route.match = (options) => !passed.has(options.url.href) && match.call(route, options);
    if (!route.catchHandler) {
      route.setCatchHandler(async ({request, url}) => {
        const {host, href} = url as URL;
        await (hosts.has(host) || sleep(SAID_WITHIN_MS));
        if (!hosts.has(host)) {
          // Workbox throws what the strategy has failed with, where this throws no error.
          return Promise.reject();
        }
        passed.add(href);
        return Response.redirect(request.url);
      });
    }
  }
}
