/** Lets waiting requests through between two reads: each of them holds the process while it runs. */
export const breathe = () => new Promise<void>((done) => setImmediate(done))
