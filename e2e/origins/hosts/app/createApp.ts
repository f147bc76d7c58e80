import {join} from 'node:path';
import type {Answer, Body, Host} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import {openFile} from '../../answers/openFile.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import {contentType} from '../../contentType.ts';
import type {AppFile, AppFiles} from '../../Origins.ts';

interface Published {
  file: AppFile;
  headers: Record<string, string>;
}

const bodyOf = (file: AppFile): Body => {
  const content = typeof file === 'function' ? file() : file;
  return typeof content === 'string' || content instanceof Uint8Array ? bytesBody(content) : content;
};

/** Creates the app's own origin: published files, which override those of a folder. */
export const createApp = (folder: string | undefined): {host: Host; files: AppFiles} => {
  const published = new Map<string, Published>();

  const find = async (path: string): Promise<Pick<Answer, 'body' | 'headers'> | undefined> => {
    const {file, headers = {}} = published.get(path) ?? {};
    if (file !== undefined) {
      return {body: bodyOf(file), headers};
    }
    const body = folder && (await openFile(join(folder, path)).catch(() => undefined));
    return body ? {body, headers} : undefined;
  };

  const host: Host = async ({url: {pathname}}) => {
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    const found = await find(path);
    if (!found) {
      return textAnswer(404, `The app has no ${path}`);
    }
    return {
      status: 'location' in found.headers ? 302 : 200,
      headers: {
        'cache-control': 'no-cache',
        'content-type': contentType(path),
        'service-worker-allowed': '/',
        ...found.headers,
      },
      body: found.body,
    };
  };

  const files: AppFiles = {
    set: (path, file, headers = {}) => void published.set(path, {file, headers}),
    delete: (path) => void published.delete(path),
  };
  return {host, files};
};
