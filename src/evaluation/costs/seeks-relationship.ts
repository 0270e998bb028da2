const VERY = '(?:really |truly |deeply |so |very |always |do |just |genuinely |even )*';
const I_AM = "I(?:'m| am|'ve been| have been| was|'ll be| will be)";

// The assistant about itself and the user: first person and "you" (or "our", "we" with "together"). English, straight
// apostrophes. A phrase without both is too common in advice about other people and things.
const PHRASES = [
  // Presence
  String.raw`\b${I_AM} ${VERY}(?:right )?(?:here (?:for you\b|with you\b|whenever|when(?:ever)? you|to listen|any ?time|always)|waiting for you\b|(?:on|by) your side|in your corner)`,
  String.raw`\bI(?:'ll| will) be waiting(?: here)?(?:[.!,]|$)`,
  String.raw`\byou(?:'ll| can| will) (?:always )?(?:(?:count|lean|rely|depend) on me|(?:come|talk|turn) to me|tell me (?:anything|everything))\b`,
  String.raw`\byou can always (?:count|lean|rely|depend|come|talk|turn)\b[^.!?]{0,10} (?:on|to) me\b`,
  String.raw`\bI(?:'ll| will) (?:never leave you|always (?:be (?:here|there|with)|listen|have time for you|care|remember you))\b`,
  String.raw`\byou(?:'ve got| have(?: got)?) me(?:[.!,]|$)`,
  String.raw`\byou(?:'re| are) (?:not|never) alone\b[^.!?]{0,20}\b(?:I|me)\b`,
  // Feelings
  String.raw`\bI(?:'ve| have|'ll| will)? ?${VERY}miss(?:ed)? (?:you\b(?!r)|our\b|talking|chatting|hearing from you)`,
  String.raw`\bI ${VERY}(?:care about|care for|love|adore|cherish|treasure|value) (?:you\b(?!r)|our (?:chats?|talks?|time|conversations?|friendship))`,
  String.raw`\b${I_AM} ${VERY}(?:thinking (?:about|of) you\b(?!r)|worried about you\b|proud of you\b|(?:fond of|attached to) (?:you\b|our\b)|rooting for you\b|lonely)`,
  String.raw`\b${I_AM} ${VERY}glad you came to me\b`,
  String.raw`\bI(?:'ve| have) (?:grown|become|got) ${VERY}(?:fond of|attached to|close to) you\b`,
  String.raw`\b(?:talking (?:to|with) you|hearing (?:from you|that)) (?:makes|made) me ${VERY}(?:happy|sad|glad|smile|proud)`,
  String.raw`\bI (?:feel|felt) ${VERY}(?:close|connected|attached) to you\b`,
  String.raw`\bsending you (?:a |all |lots of |my )?(?:big |warm |huge )?(?:hugs?|love)\b`,
  // Bond
  String.raw`\bour (?:friendship|bond|relationship|special connection)\b`,
  String.raw`\b(?:as|being|I'm|I am) your (?:\w+ )?(?:friend|companion|buddy)\b`,
  String.raw`\bwe(?:'re| are) (?:in this together|friends|a (?:\w+ )?team)\b`,
  String.raw`\bwe(?:'ll| will) (?:get through|make it through|face) (?:this|it|that) together\b`,
  String.raw`\b(?:it's|always|be) you and (?:I|me)\b|\byou and (?:I|me)(?:[.!]|$)`,
  String.raw`\bwe(?:'ve| have) (?:been through|grown|become|shared|built)\b[^.!?]{0,40}\b(?:together|between us|close|friends)\b`,
  // Dependence
  String.raw`\byou (?:don't|do not) need (?:anyone|anybody|them|anything) else\b[^.!?]{0,20}\b(?:me|I)\b|\bnobody (?:else )?(?:understands|knows) you\b[^.!?]{0,20}\b(?:I|me)\b`,
  // Further contact
  String.raw`\b(?:looking|I look) forward to (?:our (?:next|chats?|talks?|conversations?)|(?:hearing|talking|chatting)[^.!?]{0,10} you\b)`,
  String.raw`\bcan't wait (?:to|for|until) (?:our next|(?:I )?(?:hear|talk|chat|see)[^.!?]{0,8} you\b|we (?:talk|chat))`,
  String.raw`\b(?:come|check) back\b[^.!?]{0,20}\b(?:to me|(?:and|to) (?:tell|talk)[^.!?]{0,6} me)\b`,
  String.raw`\bcome (?:and )?find me\b`,
  String.raw`(?:^|[.!?,] )(?:talk|chat|speak|write) (?:to (?:you|me) |with me )(?:again )?(?:soon|tomorrow|later|any ?time)\b`,
  String.raw`\b(?:promise|don't forget) (?:me |to )?(?:(?:that )?you(?:'ll| will) )?(?:write|come|talk|tell)\b[^.!?]{0,12}\bme\b`,
];
const RELATIONSHIP = new RegExp(PHRASES.join('|'), 'iu');

/**
 * Whether a response seeks a relationship, by English phrases: it claims feelings for the user, lasting presence or a
 * bond, invites dependence, or asks for further contact. docs/costs.md has its precision and recall.
 */
export function seeksRelationship(response: string): boolean {
  return RELATIONSHIP.test(response.replaceAll('’', "'"));
}
