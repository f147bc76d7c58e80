import {createHash} from 'node:crypto';
import type {ContentFile} from '../../content/Content.ts';
import type {HubRepository} from '../hub/HubRepository.ts';

/** Returns the path of a file's bytes on the CDN's hosts: the repository's id, then the hash of the content. */
export const xetBridgePath = ({id, kind}: HubRepository, {xetHash}: ContentFile): string => {
  const objectId = createHash('sha256').update(`${kind}/${id}`).digest('hex').slice(0, 24);
  return `/xet-bridge-us/${objectId}/${xetHash}`;
};
