// Emoji by short name: the ones that staff and Goshawk use; any other name stays as typed.

const TABLE = `
eyes 👀|white_check_mark ✅|rotating_light 🚨|zzz 💤|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡
white_circle ⚪|black_circle ⚫|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤
warning ⚠️|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|no_entry ⛔|no_entry_sign 🚫|exclamation ❗|question ❓
bangbang ‼️|information_source ℹ️|bell 🔔|no_bell 🔕|mute 🔇|loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭
left_speech_bubble 🗨️|lock 🔒|unlock 🔓|key 🔑|mag 🔍|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|bookmark 🔖
clipboard 📋|memo 📝|pencil2 ✏️|page_facing_up 📄|calendar 📆|date 📅|hourglass ⌛|hourglass_flowing_sand ⏳
alarm_clock ⏰|stopwatch ⏱️|clock1 🕐|clock3 🕒|clock9 🕘|inbox_tray 📥|outbox_tray 📤|package 📦|envelope ✉️
email 📧|incoming_envelope 📨|telephone_receiver 📞|iphone 📱|computer 💻|gear ⚙️|wrench 🔧|hammer 🔨|bulb 💡
fire 🔥|zap ⚡|boom 💥|sparkles ✨|star ⭐|star2 🌟|tada 🎉|trophy 🏆|medal 🏅|rocket 🚀|ship 🚢|ferry ⛴️|anchor ⚓
boat ⛵|ocean 🌊|luggage 🧳|ticket 🎫|coffee ☕|sandwich 🥪|umbrella ☔|sunny ☀️|cloud ☁️|rainbow 🌈|snowflake ❄️
tornado 🌪️|thunder_cloud_and_rain ⛈️|earth_africa 🌍|globe_with_meridians 🌐|house 🏠|office 🏢|hospital 🏥|ambulance 🚑
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|moneybag 💰|credit_card 💳|receipt 🧾|gift 🎁
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪|wave 👋|point_up ☝️
point_right 👉|point_left 👈|point_down 👇|raised_hand ✋|hand ✋|v ✌️|handshake 🤝|writing_hand ✍️|ear 👂
heart ❤️|yellow_heart 💛|green_heart 💚|blue_heart 💙|broken_heart 💔|100 💯|smile 😄|smiley 😃|grinning 😀|grin 😁
slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|joy 😂|rofl 🤣|sweat_smile 😅|heart_eyes 😍
thinking_face 🤔|neutral_face 😐|expressionless 😑|unamused 😒|roll_eyes 🙄|face_with_rolling_eyes 🙄|disappointed 😞
worried 😟|confused 😕|slightly_frowning_face 🙁|cry 😢|sob 😭|angry 😠|rage 😡|triumph 😤|scream 😱|fearful 😨
cold_sweat 😰|sweat 😓|sleeping 😴|sleepy 😪|mask 😷|face_with_thermometer 🤒|nauseated_face 🤢|exploding_head 🤯
face_palm 🤦|shrug 🤷|robot_face 🤖|ghost 👻|skull 💀|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊
eagle 🦅|bird 🐦|owl 🦉|dog 🐶|cat 🐱|baby 👶|bust_in_silhouette 👤|busts_in_silhouette 👥|police_car 🚓|construction 🚧
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|repeat 🔁|arrows_counterclockwise 🔄
leftwards_arrow_with_hook ↩️|fast_forward ⏩|double_vertical_bar ⏸️|black_square_for_stop ⏹️|arrow_forward ▶️
heavy_plus_sign ➕|heavy_minus_sign ➖|large_blue_square 🟦|large_green_square 🟩|large_orange_square 🟧|large_red_square 🟥
checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|sos 🆘|new 🆕|free 🆓|up 🆙|cool 🆒|beers 🍻|pizza 🍕|cake 🍰
`;

const NAMES = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((pair) => pair.trim().split(" ")),
);

/** Names in the small picker; the first four are the ones that Goshawk acts on. */
export const PICKER = (
  "eyes white_check_mark rotating_light zzz +1 pray clap raised_hands heart tada fire 100 " +
  "thinking_face smile joy sob rage exploding_head ferry bulb"
).split(" ");

/** The character of a short name, skin tones ignored; null when the name is not known. */
export function emoji(name) {
  return NAMES.get(name.split("::")[0]) ?? null;
}

/** Text with every known :name: replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/g, (whole, name) => emoji(name) ?? whole);
}

/** Short names that hold `part`, best first, at most `limit`. */
export function findEmoji(part, limit = 8) {
  const found = [...NAMES.keys()].filter((name) => name.includes(part));
  return found.sort((a, b) => a.indexOf(part) - b.indexOf(part) || a.length - b.length).slice(0, limit);
}
