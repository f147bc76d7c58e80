import {createHash} from 'node:crypto';
import type {ContentFile} from '../../content/Content.ts';

/** The path of a file's bytes on every one of the CDN's hosts: the repository's id, then the hash of the content. */
export const xetBridgePath = (repositoryId: string, {xetHash}: ContentFile): string => {
  const objectId = createHash('sha256').update(repositoryId).digest('hex').slice(0, 24);
  return `/xet-bridge-us/${objectId}/${xetHash}`;
};
