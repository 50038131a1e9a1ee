import { durationWords } from '#shared/time-words'

/** When the world sees what is published now. Takes the seconds that the present answer still counts. */
export const visibleWords = (seconds: number): string =>
  seconds === 0
    ? 'Visible as soon as it is published.'
    : `Visible everywhere within ${durationWords(seconds * 1000)} of publishing.`
