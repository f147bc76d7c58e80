import type {HubRepository} from './HubRepository.ts';

export interface HubPath {
  kind: HubRepository['kind'];
  id: string;
  /**
   * - `resolve`: a file, by a redirect. For a small file it leads to `resolve-cache`, which names a commit.
   * - `raw`: a file as git has it.
   * - `tree`, `paths-info`: the two ways in which the API lists files.
   */
  action: 'paths-info' | 'raw' | 'resolve' | 'resolve-cache' | 'tree';
  /** `undefined` for a bucket. */
  revision: string | undefined;
  /** The path of a file, or of the folder to list. Empty for a complete repository. */
  path: string;
}

/** A revision with slashes is sent as `refs%2Fpr%2F1`, or as it is. */
const REVISION = /(?<revision>refs\/(?:pr|convert)\/[^/]+|[^/]+)/.source;
const ID = /(?<id>[^/]+\/[^/]+)/.source;
const KIND = /(?<kind>models|datasets|spaces)/.source;

const SHAPES = [
  `/(?<kind>buckets)/${ID}/(?<action>resolve)/(?<path>.+)`,
  `/(?:(?<kind>datasets|spaces)/)?${ID}/(?<action>resolve|raw)/${REVISION}/(?<path>.+)`,
  // Observed for models and datasets. Spaces are assumed to do the same.
  `/api/(?<action>resolve-cache)/${KIND}/${ID}/${REVISION}/(?<path>.+)`,
  `/api/(?<kind>buckets)/${ID}/(?<action>tree)(?:/(?<path>.*))?`,
  `/api/(?<kind>buckets)/${ID}/(?<action>paths-info)`,
  `/api/${KIND}/${ID}/(?<action>tree)/${REVISION}(?:/(?<path>.*))?`,
  `/api/${KIND}/${ID}/(?<action>paths-info)/${REVISION}`,
].map((shape) => new RegExp(`^${shape}$`));

export const parseHubPath = (pathname: string): HubPath | undefined => {
  for (const shape of SHAPES) {
    const groups = shape.exec(pathname)?.groups;
    if (groups?.id) {
      const {action, id, kind = 'models', path = '', revision} = groups;
      return {
        kind: kind as HubPath['kind'],
        id,
        action: action as HubPath['action'],
        revision: revision && decodeURIComponent(revision),
        path: decodeURIComponent(path),
      };
    }
  }
  return undefined;
};
