"""Says when a text cannot be judged: another language, another script, or no words at all."""

from __future__ import annotations

import re
from typing import Final

from bot.triage.cues.vocabulary import bag
from bot.triage.features import Post

_OTHER_SCRIPT = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff]")

#: Small words that nearly every English sentence holds.
ENGLISH: Final = bag(
    """
    the a an and or but if of to in on at for from with without by about as is are was were be been being am im its it
    this that these those there here i me my mine you your yours we us our he she his her they them their who what when
    where why how which do does did dont doesnt didnt not no never have has had havent hasnt can cant could will wont
    would should just still again up out off over down so too very really all any some more most only now then than
    because after before since get got go going need want know see please thanks thank today ive i'll i'd you're
    we're they're youre thats whats lets one two new good great love time day back not ur u pls plz thx
    """
)

#: English words that other languages write too: they speak for nobody.
SHARED: Final = bag("a an in as at so all me no do i it was is will be im am on to or of he her the one")

#: Small words of German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Polish, Turkish, Hindi and Indonesian
#: that are no English words.
FOREIGN: Final = (
    bag(
        """
    der das und ist nicht ich ein eine einen mit auf für auch wie noch aber wir ihr sie euch zum zur bei nach seit kein
    keine mein meine wird sind haben habe schon mal nur oder wenn dem den von dass immer jetzt ganz sehr gut vom doch
    le les des est et une pas que qui dans pour sur avec je vous nous ils elle ce cette mais plus ça ne au aux du mon ma
    votre notre être très merci bonjour depuis c'est cest jai sont fait tout bien
    el los las y es una por para con del se lo como más pero muy ya esta este está estoy tengo gracias hola nada cuando
    porque desde sin mi su al nos todo hay ser son fue si yo hoy qué te
    o os um uma não em é com para da dos na no nas nos mais mas eu você vocês isso meu minha foi muito obrigado bom boa
    hoje já tem até são está sou só pra ele ela
    il gli che di non per sono una della nel anche ho hai ci mi ti si come più ma grazie ciao sempre solo questo questa
    quando molto alla dalla
    de het een en niet van dat op te zijn met voor ik je jullie aan er maar om nog ook wat naar mijn heb geen bij hoe
    deze wel goed al uit dan
    och det att jag inte som på är för av till den har med om ett han ni tack
    nie się na jest że do jak ale czy tak już mam dla po proszę dzień
    ve bir bu için çok ne var değil ama gibi daha ben sen
    hai hain ka ki ke ko nahi kya bhi hi aur mein tha kar raha se koi apne mera tum aap yeh woh kuch
    ein einer eines einem dann bin hast doch schön danke gar ab ins im am neue neuer deutsch überhaupt
    ao pela pelo q vc tô tava né gente nossa ainda hj eh pq lá aqui vai vou nao então
    della delle dei degli alle al ai lo mi tu noi voi fa poi così perché perchè quello bene oggi ora tutti tutto
    yang di dan itu ini dengan untuk tidak ada saya aku kamu dari ke akan bisa kalau lagi sudah gak
    """
    )
    - ENGLISH
    - bag("no me so do an as at all son fast hat war die also on come has men by van mal per sin pour fin")
)


def doubt(post: Post, *, lang: str, tagged: bool, met: bool) -> str:
    """Return why ``post`` cannot be judged, in words for staff; empty when it can.

    A feed's word for another language settles it; the text itself can only add to the doubt. ``met`` says that
    cues were, which only English has.
    """
    code = lang.lower().replace("_", "-").split("-")[0]
    if code not in {"", "en", "und"}:
        return f"language: {code[:20]}"
    known = met or code == "en"
    if not any(word[0].isalpha() for word in post.words):
        return "no words to judge" if tagged and not met else ""
    if _strange_script(post.text):
        return "another script"
    return "not English" if _foreign(post, known=known) else ""


def _strange_script(text: str) -> bool:
    if text.isascii():
        return False
    strange = len(_OTHER_SCRIPT.findall(text))
    return strange > sum(map(str.isalpha, text)) / 2


def _foreign(post: Post, *, known: bool) -> bool:
    words = set(post.words)
    english = len(words & ENGLISH - SHARED)
    foreign = len(words & FOREIGN)
    if not post.text.isascii():
        foreign += sum(word[0].isalpha() and not word.isascii() for word in words)
    if foreign > english:
        return foreign > 1 or not known
    return words.isdisjoint(ENGLISH) and len(words) > 4 and not known
