import {createHash, X509Certificate} from 'node:crypto';
import {generate} from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** SHA-256 of the public key, in base64, with which Chromium trusts this certificate only. */
  spkiHash: string;
}

export const makeCertificate = async (
  subject: string,
  hostNames: readonly string[],
): Promise<Certificate> => {
  const made = await generate([{name: 'commonName', value: subject}], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [
      {name: 'basicConstraints', cA: false},
      {name: 'subjectAltName', altNames: hostNames.map((value) => ({type: 2, value}))},
    ],
  });
  const publicKey = new X509Certificate(made.cert).publicKey.export({type: 'spki', format: 'der'});
  return {
    key: made.private,
    cert: made.cert,
    spkiHash: createHash('sha256').update(publicKey).digest('base64'),
  };
};
