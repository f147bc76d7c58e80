/** The same answer with another body. It has no URL, as everything that is made anew. */
export const withBody = ({status, statusText, headers}: Response, body: BodyInit): Response =>
  new Response(body, {status, statusText, headers});
