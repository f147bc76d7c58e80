/** Returns a response without its body, also of one that is read by now. */
export const withoutBody = ({status, statusText, headers}: Response): Response =>
  // Opaque responses have the status 0, which no response can be made with.
  new Response(null, {status: status || 200, statusText, headers});
