/** Ends that make nouns of other words. */
const NOUN = /(?:ung|heit|keit|schaft|tion|sion|tät|nis|chen|ismus|zeug|platz|zeit)(?:en|e|s|se)?$/u;
/** What stands before nouns and seldom before names: articles and the like. */
const DETERMINER =
  /(?:^|\s)(?:de[rnms]|die|das|(?:k?ein|[mds]ein|ihr|unser|euer|eur|dies|jed|jen|welch|manch|solch|all|viel|wenig|einig|mehrer|beid)e[nmrs]?|k?ein|[mds]ein|unser|euer|zu[mr]|[ib]m|am|beim|vom|ins|ans|aufs|fürs|durchs|etwas|nichts|mehr|genug|zwei|drei|vier|fünf|zehn|\d+)\s+(?:\p{Ll}+e[nmrs]?\s+)?$/iu;

/** True for a word of German that shows that it is a noun, by its end or by an article before it; others may be names. */
export function isGermanNoun(word: string, before: string): boolean {
  return NOUN.test(word) || DETERMINER.test(before);
}
