/** A file as Thunderbird asks for it, with one server for reading and for sending. */
export function clientConfigOf(host: string, socketType: 'SSL' | 'STARTTLS' | 'plain'): string {
  const server = (kind: string, type: string, port: number) => `
    <${kind} type="${type}">
      <hostname>${host}</hostname><port>${port}</port><socketType>${socketType}</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </${kind}>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="example"><domain>example.org</domain>
${server('incomingServer', 'imap', 993)}${server('outgoingServer', 'smtp', 465)}
</emailProvider></clientConfig>`
}
