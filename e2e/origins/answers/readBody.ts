import type {Body} from './Answer.ts';

export const readBody = async (body: Body): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.read(0, body.size)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
