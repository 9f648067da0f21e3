# Texts shown to people, English. Short, friendly, and they say what to do next.

app-name = USO Bot
toy-model = toy model

## Cards

card-queued = In the queue
card-queued-next = You are next
card-queued-place = Place { $place } in the queue
card-paused = Paused
card-paused-detail = Whoever runs this bot has paused it. Your request is safe and starts by itself once it goes on.
card-warming-up = Warming up
card-warming-up-detail = The model is loading ({ $percent } %). Your request is safe and starts by itself.
card-engine-broken = The model can not start
card-engine-broken-detail = Whoever runs this bot sees why in its log. Your request is safe and starts by itself once it is mended.
card-running = Drawing, step { $step } of { $steps }
card-starting = Drawing starts
card-upscaling = Enlarging, part { $step } of { $steps }
card-upscaling-starting = Enlarging starts
card-picture-of = picture { $number } of { $count }
card-retrying = Retrying
card-retrying-detail = The engine stopped in the middle. It is starting again, you need not do anything.
card-done = Done
card-some-withheld = { $count ->
    [one] 1 picture was not suited to be shown here and was withheld
   *[other] { $count } pictures were not suited to be shown here and were withheld
}
card-done-detail = { $count ->
    [one] Your picture is ready
   *[other] Your { $count } pictures are ready
}
card-failed = That did not work
card-cancelled = Cancelled
card-cancelled-detail = Stopped, as you wished.
card-left-seconds = about { $seconds } s left
card-left-minutes = about { $minutes } min left
card-drawn-at = drawn at { $width } × { $height }
card-drawn-smaller = memory ran out for the size you asked for, so drawn at { $width } × { $height }
card-cost = costs { $amount ->
    [one] { $amount } credit
   *[other] { $amount } credits
}
card-refunded = { $amount ->
    [one] Your { $amount } credit is back.
   *[other] Your { $amount } credits are back.
}

mode-text = Text only
mode-subject = Subject
mode-style = { $styles ->
    [one] 1 style
   *[other] { $styles } styles
}
mode-subject-style = { $styles ->
    [one] Subject + 1 style
   *[other] Subject + { $styles } styles
}
mode-subject-style-layout-kept = { $styles ->
    [one] Subject + 1 style, layout kept
   *[other] Subject + { $styles } styles, layout kept
}
mode-upscale = Upscale 2×
note-rounded = { $name ->
    [width] Width
    [height] Height
   *[subject_size] Subject size
} rounded from { $asked } to { $used }.
note-style = Style: { $name }
note-smaller-copy = { $count ->
    [one] Too large for here, so this is a smaller copy. The original is kept: /show { $id } posts it where larger files are allowed.
   *[other] Too large for here, so { $count } of these are smaller copies. The originals are kept: /show { $id } posts them where larger files are allowed.
}
style-of-server = { $name } (this server)

failure-engine-lost = The engine stopped twice while drawing this. Please try again, perhaps smaller.
failure-out-of-memory = The picture did not fit into memory. Try a smaller size.
failure-refused-by-model = The model can not use these pictures together. Try another subject picture or a larger subject size.
failure-picture-missing = A reference picture is gone. Please upload it again.
failure-storage-full = The disk of this bot is full, so the picture could not be kept. Please tell whoever runs it.
failure-withheld = The finished picture was not suited to be shown here, so it was withheld. Please ask for something else.
failure-internal = Something broke on our side. Please try again.

## Buttons and labels

button-generate = Generate
button-reroll = Re-roll
button-vary-subtle = Vary (subtle)
button-vary-strong = Vary (strong)
button-cancel = Cancel
button-subtle = Subtle
button-strong = Strong
button-upscale = Upscale
button-remix = Remix
button-subject = As subject
button-style = As style
button-info = Info
button-favourite = Favourite
button-delete = Delete
button-erase = Delete for good
button-correct = Correct it
button-original = Open original
label-prompt = Prompt
label-subject = Subject picture
label-style = Style picture
label-style-2 = Second style picture
label-aspect = Aspect
label-steps = Steps
label-guidance = Guidance
label-seed = Seed
label-subject-size = Subject size
label-count = Pictures
label-keep-size = Keep the subject's size
label-optional = optional
label-seed-value = seed { $seed }

quote = This costs { $cost ->
    [one] { $cost } credit
   *[other] { $cost } credits
}; you have { $left }, filled up again in { $hours ->
    [0] { $minutes } min
   *[other] { $hours } h { $minutes } min
}.

## After a press

favourite-on = Marked as a favourite; /history shows it with a star.
favourite-off = No longer a favourite.
grid-left-out = Not made: { $names }. { $reason }
menu-no-picture = There is no picture on that message that I can read (PNG, JPEG or WebP).
menu-several-pictures = There are { $count } pictures on that message.
menu-which-picture = Which picture?
menu-picture-number = { $number }: { $name }
menu-too-old = That was too long ago; please open the menu of the message again.
delete-sure = Delete { $count ->
    [one] this picture
   *[other] these { $count } pictures
} for good? Nobody can see or use it any more.
delete-done = Deleted.
delete-done-message-stays = Deleted. This chat does not let me remove the message; you can remove it yourself.

## Accounts

account-tier = Your tier: { $tier }
account-unlimited = Pictures cost you no credits.
account-credits = You have { $left } credits; they are filled up to { $daily } in { $hours ->
    [0] { $minutes } min
   *[other] { $hours } h { $minutes } min
}.
account-pool = This server shares { $left } more today.
account-linked = Linked: { $names }
account-bookings = Latest:
booking-refill = filled up
booking-charge = pictures
booking-refund = given back
booking-grant = granted
link-issued = Type /link { $code } on your other platform within { $minutes } minutes. Both accounts then share one history and one set of credits.
link-joined = Linked: { $names }. History and credits are one now.
command-me = Your credits and linked accounts
command-link = Share one account between Discord and Telegram
command-link-code = The code from your other platform; leave it out to get one
command-link-remove = One of your linked accounts that is to stand alone again
link-parted = { $name } stands alone again. History and credits stay here.
link-one-at-a-time = Please either type a code or remove an account, not both at once.

## History

history-empty = Nothing yet. Your pictures will be listed here.
history-nothing-found = We found nothing with “{ $words }” in your prompts; try another word.
history-more = There are older ones; add a word from the prompt to find them.
queue-nobody = Nobody is waiting; a request would start at once.
queue-waiting = { $count ->
    [one] One request is waiting
   *[other] { $count } requests are waiting
}, { $own ->
    [0] none of them yours
    [one] one of them yours
   *[other] { $own } of them yours
}.
cancel-done = Stopped, as you wished.
command-history = Your earlier requests
command-history-words = Words from the prompt; leave it out for the latest
command-queue = How many requests are waiting
command-cancel = Stop one of your requests
command-cancel-id = The id of the request, as /history shows it
history-no-favourites = No favourites yet. Press “Favourite” below a picture you like.
history-open = Open a result …
button-newest = Newest
button-older = Older
button-page-back = Back
button-page-on = Next
command-history-favourites = Only those with a picture that you marked
command-show = Show an earlier result again, with its original file
command-repeat = Draw a result again, the same to the last pixel
command-repeat-id = Words from the prompt, or an id from /history or Info, such as 7k3m9qx2vt0a-2
command-show-id = Words from the prompt, or an id from /history or Info
command-show-private = Only you see it
command-show-triptych = Subject, style and result side by side in one picture
show-original = Original { $number }: { $url }

## Styles and the tray

style-saved = Saved “{ $name }” with { $pictures ->
    [one] one picture
   *[other] { $pictures } pictures
}. /style use puts it into your tray, /style share gives it to this server.
style-shared = Everybody in this server can use “{ $name }” now.
style-deleted = Deleted “{ $name }”.
style-save-one-source = Please give either pictures or a result, not both at once.
command-style = Save, find and share styles
command-style-name = The name of the style
command-style-save = Save a style under a name: from pictures, from a result, or from your tray
command-style-save-name = How you want to find it again
command-style-save-picture = A picture in that style; leave all out to save the styles in your tray
command-style-save-picture2 = A second picture that belongs to it
command-style-save-result = One of your results instead; words from its prompt, or its id
command-style-list = Your styles, and those of this server
command-style-show = Show the pictures of a style
command-style-use = Put a style into your tray, for your next request
command-style-share = Give one of your styles to everybody in this server
command-style-delete = Delete a style of yours
command-tray = Pictures picked for your next request
command-tray-show = What lies in your tray
command-tray-drop = Take one picture out of your tray
command-tray-drop-what = Which one
command-tray-clear = Empty your tray
tray-place-subject = Subject
tray-place-style = First style
tray-place-style2 = Second style

## Settings and help

language-automatic = As in your app
command-settings = What you prefer; without options it shows how things stand
command-settings-language = In which language the bot answers you
command-settings-private = Only you see your cards and results, unless you say otherwise
command-settings-spoiler = Hide your results until they are clicked
command-settings-aspect = The shape of your pictures, unless you say otherwise
command-settings-keep-tray = Keep the tray after a request instead of emptying it
command-help = What you can do here

## Your data

privacy-exported = Everything that is kept about you. The file is yours; this message is seen by you alone.
privacy-exported-without-pictures = Everything that is kept about you, but for the pictures: with them it would be too large to send here. /show brings you each of your pictures, and whoever runs this bot can give you all of them at once.
privacy-nothing-kept = Nothing is kept about you.
privacy-sure = Everything of yours will be gone for good: history, pictures, favourites, styles, tray, credits, settings and linked accounts. What is being drawn stops. Messages already posted stay until you delete them. Want your data first? /privacy export
privacy-deleted = Everything of yours is gone.
privacy-card-gone = This request was deleted.
button-forget-me = Delete everything
reject-export-too-large = Your data does not fit into { $limit_mb } MB, not even without the pictures. Please ask whoever runs this bot for it.
command-privacy = What is kept about you
command-privacy-export = Get everything that is kept about you, as a file
command-privacy-delete = Delete everything that is kept about you

## Administration

tier-none = none of its own
admin-quota-mixed = That does not go together. Give a pool, or a role with a tier, or a person with an amount or a tier.
admin-granted = { $name } was given { $amount ->
    [one] { $amount } credit
   *[other] { $amount } credits
} and has { $left } now.
admin-tier-set = The tier of { $name } is now: { $tier }
admin-blocked = { $name } can not use the bot in this server any more.
admin-unblocked = { $name } can use the bot in this server again.
admin-blocked-everywhere = { $name } can not use the bot any more, anywhere.
admin-unblocked-everywhere = { $name } can use the bot again.
admin-pause-done = Paused: requests are accepted and wait. /admin resume goes on, and so does a restart.
admin-drain-done = Draining: what is there is finished, nothing new is accepted. /admin resume goes on, and so does a restart.
admin-resume-done = Going on: requests are accepted and drawn.
command-admin = For those who manage this server or run the bot
command-admin-quota = Credits: a pool for this server, a tier for a role; operators give to people
command-admin-quota-pool = Credits a day that all members share; 0 shares none
command-admin-quota-role = A role that gets a tier
command-admin-quota-tier = The tier of the role or the person
command-admin-quota-person = Somebody who gets credits or a tier; for operators
command-admin-quota-amount = How many credits; a negative number takes away what was given
command-admin-limits = What this server allows at once, and its language
command-admin-limits-max-count = The most pictures in one request; 0 means no limit of this server
command-admin-limits-max-waiting = The most waiting requests of one person; 0 means no limit of this server
command-admin-limits-language = The language of this server
command-admin-block = Shut somebody out of the bot in this server
command-admin-block-person = Who
command-admin-block-everywhere = In every server and in direct messages; for operators
command-admin-block-reason = Why; kept for those who run the bot
command-admin-unblock = Let somebody use the bot again
command-admin-unblock-person = Who
command-admin-unblock-everywhere = What was blocked everywhere; for operators
command-admin-channel = Where in this server the bot takes requests
command-admin-channel-allow = Take requests in this channel, and in no other that is not allowed too
command-admin-channel-allow-channel = A channel; its threads belong to it
command-admin-channel-forbid = Take this channel off the list; an empty list means everywhere
command-admin-channel-forbid-channel = A channel of the list
command-admin-channel-list = Where requests are taken, and all other settings
command-admin-pause = Draw nothing for a while; requests wait. For operators
command-admin-drain = Finish what is there and accept nothing new. For operators
command-admin-resume = Go on after a pause or a drain. For operators
command-admin-stats = How the bot is doing. For operators

## How a picture was made

info-prompt = Prompt: { $prompt }
info-mode = Mode: { $mode }
info-seed = Seed: { $seed }
info-variation = Varied toward seed { $seed } with strength { $strength }
info-size = Size: { $width } × { $height }
info-size-drawn = Size: { $width } × { $height } asked, { $drawn_width } × { $drawn_height } drawn
info-steps = Steps: { $steps }, guidance: { $guidance }
info-subject-size = Subject size: { $size } px
info-subject-size-automatic = Subject size: automatic
info-keep-size = The subject's size is kept.
info-subject = Subject picture: { $picture }
info-style = Style picture: { $picture }
info-enlarged = Enlarged picture: { $picture }
info-model = Model: { $label } ({ $revision })
info-time = Drawn in { $seconds } s
info-when = Finished: { $when }
info-recipe = Recipe: { $recipe }
lineage-reroll = Re-roll of { $parent }
lineage-variation = Variation of { $parent }
lineage-remix = Remix of { $parent }
lineage-repeat = Repeat of { $parent }
lineage-upscale = Enlarged from { $parent }
inspection-ours = This picture was made with USO Bot:
inspection-theirs = Another tool wrote this into the picture:
inspection-nothing = This file does not say how it was made. Chats often remove that; send the original file.
inspection-file = { $format } file, { $width } × { $height }

## Styles and the tray

styles-none = No styles yet. Save one with /style save and one or two pictures.
style-line = { $name } · { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
style-is-shared = shared here
tray-empty = Your tray is empty. Put a picture in with “As subject” or “As style” below a result.
tray-holds = In your tray: { $things }
tray-subject = a subject
tray-styles = { $count ->
    [one] 1 style
   *[other] { $count } styles
}
tray-next = Your next request works from it.

## Settings

language-follows = as your app has it
language-en = English
language-de = Deutsch
settings-language = Language: { $language }
settings-private = Your results are private: only you see them.
settings-public = Your results are public.
settings-spoiler = Your results are hidden behind a spoiler.
settings-no-spoiler = Your results are shown openly.
settings-aspect = Shape where you name none: { $aspect }
settings-keep-tray = The tray is kept after a request.
settings-empty-tray = The tray is emptied by a request.
server-language-own = Language: each person's own
server-channels = Requests are taken in: { $channels }
server-channels-all = Requests are taken in every channel.
server-max-waiting = Each person may have { $count } waiting.
server-max-count = At most { $count ->
    [one] 1 picture
   *[other] { $count } pictures
} at once.
server-pool = Members share { $amount } credits a day.
server-role-tier = Role { $role }: tier { $tier }
server-blocked = { $count ->
    [one] 1 member is shut out.
   *[other] { $count } members are shut out.
}

## Help

help-start = Write what you want to see. Add a subject picture to show somebody or something in it, and one or two style pictures for its look.
help-drawing = Drawing
help-collecting = Collecting
help-looking-back = Looking back
help-yours = Yours
help-admin = /admin
help-moderators = For moderators: limits, channels, and shutting members out of this server.
help-operators = For you who run this bot: pause, drain, resume, stats, credits, tiers and blocks.
help-credits = /me tells what you have left. What fails is given back by itself.

## Running the bot

run-mode-running = The bot is running.
run-mode-paused = The bot is paused: requests are taken and wait.
run-mode-draining = The bot is draining: what waits is drawn, new requests are refused.
stats-waiting = Waiting: { $waiting }, of { $people ->
    [one] 1 person
   *[other] { $people } people
}; being drawn: { $running }
stats-engine = Engine: { $engine }
stats-made = Last 24 hours: { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
}, { $failures ->
    [one] 1 failure
   *[other] { $failures } failures
}
stats-median = One picture takes { $seconds } s (median).
engine-starting = starting
engine-warming-up = warming up
engine-ready = ready
engine-broken = can not start, see the log

## Refusals

reject-prompt-empty = Please write a prompt, or add a subject picture.
reject-prompt-too-long = The prompt has { $length } characters; please keep it to { $limit }.
reject-size-out-of-range = A side of { $given } pixels does not work; choose { $low } to { $high }.
reject-steps-out-of-range = Steps go from { $low } to { $high }.
reject-guidance-out-of-range = Guidance goes from { $low } to { $high }.
reject-subject-size-out-of-range = Subject size goes from { $low } to { $high } (0 is automatic).
reject-seed-out-of-range = A seed is a whole number from 0 to { $high }, or -1 for a new one.
reject-count-out-of-range = You can ask for { $low } to { $high } pictures at once.
reject-strength-out-of-range = The strength of a variation lies above 0 and goes up to 1.
reject-too-many-styles = Please send at most { $limit } style pictures, not { $given }.
reject-keep-size-without-subject = Keeping the size needs a subject picture; add one or switch it off.
reject-restyle-without-subject = Which picture should get another style? Attach it as the subject, or pick one with “Use as subject” first.
reject-restyle-without-style = In which style? Attach a style picture, name a saved style, or pick one with “Use as style” first.
reject-not-a-number = “{ $given }” is not a number for { $name }.
reject-unknown-choice = “{ $given }” is not one of { $choices }.
reject-file-too-large = That file is too large; pictures may have up to { $limit_mb } MB.
reject-not-a-picture = That file is not a picture we can read; please send PNG, JPEG or WebP.
reject-picture-broken = That picture is damaged or cut off; please send it again.
reject-too-many-pixels = That picture has too many pixels; up to { $limit_mpx } megapixels work.
reject-picture-too-narrow = That subject picture ({ $width } × { $height }) is too narrow; crop it, or choose a larger subject size.
reject-too-many-waiting = You already have { $limit } requests waiting; one more fits when the next is done.
reject-job-unknown = We do not know that request; it may have been deleted.
reject-job-not-yours = Only the person who asked for it can do that.
reject-job-ended = That request is already over.
reject-job-not-done = That picture is not ready yet; try again when it is done.
reject-job-begun = That is being drawn already, or done. Answer the picture with other words to make another one of it.
reject-nothing-to-swap = There is nothing to swap; that needs a subject and a style.
reject-picture-unknown = We do not know that picture; it may have been deleted.
reject-picture-gone = A picture that this needs was removed; please send it again.
reject-result-gone = That picture was removed to make room; its recipe is still there, so you can repeat it.
reject-upscale-size-out-of-range = A picture to enlarge may have { $low } to { $high } pixels a side and up to { $limit_mpx } megapixels; that one has { $width } × { $height }.
reject-upscale-without-request = That picture was only enlarged, and what it was drawn from is not there any more; write a new request, or use it as a subject.
reject-triptych-without-references = There is no subject and no style to show beside that picture.
reject-recipe-unknown = We do not know that recipe; copy its id from Info, like 7k3m9qx2vt0a-1.
reject-credits-used-up = This costs { $cost ->
    [one] { $cost } credit
   *[other] { $cost } credits
}, and you have { $left } left. Your credits are filled up again in { $hours ->
    [0] { $minutes } min
   *[other] { $hours } h { $minutes } min
}.
reject-too-expensive = This costs { $cost } credits, more than the { $most } you can have; choose fewer pictures, fewer steps or a smaller size.
reject-credits-out-of-range = This person can be given { $low } to { $high } credits at once; a negative number takes away what was given.
reject-blocked = You can not use this bot here at the moment; ask whoever runs it.
reject-link-code-wrong = That code does not work; codes are good once and for ten minutes. Ask for a new one with /link on your other account.
reject-link-too-many-tries = Those were too many wrong codes; try again in { $minutes } min.
reject-link-to-itself = That code is from this very account; type it in on your other one.
reject-link-last = This is the only way into your account, so it has to stay. Link another one first.
reject-style-name-bad = Please choose a name of 1 to { $limit } characters, without @ and control characters.
reject-style-name-taken = There is a style of that name already; choose another one, or delete it first.
reject-style-unknown = We do not know that style; look at the list for its name.
reject-style-not-yours = Only the person who saved that style can do that.
reject-style-without-picture = A style card needs one or two pictures.
reject-style-needs-server = Styles are shared with a server or a group; do it there.
reject-too-many-style-cards = There is room for { $limit } styles; delete one first.
reject-person-unknown = We have never seen that person.
reject-tier-unknown = There is no tier “{ $given }”; there are { $choices }.
reject-storage-full = The disk of this bot is full. Nothing was lost or charged; please tell whoever runs it.
reject-storage-busy = This bot can not reach its memory for a moment. Nothing was lost or charged; please try again.
reject-setting-out-of-range = “{ $name }” goes from { $low } to { $high }.
reject-server-needed = That is for servers and groups; please do it there.
reject-server-not-trusted = Credits for a server are given by whoever runs this bot; ask them to trust this server.
reject-moderators-only = Only moderators can change that here.
reject-operators-only = Only whoever runs this bot can do that.
reject-channel-not-allowed = Requests are not taken in this channel; please use one of these: { $channels }
reject-draining = This bot is about to be restarted and takes no new requests; please try again in a few minutes. What is waiting is still drawn.

## Moderation

button-report = Report
button-report-keep = Leave it
button-report-delete = Delete it
form-report = Report this picture
label-reason = What is wrong with it?
report-thanks = Thank you. Whoever runs this bot will look at it.
report-told = Report { $number }, about picture { $picture }
report-reason = Reason: { $reason }
report-by = From { $person }
reports-waiting = { $count ->
    [one] 1 more report waits.
   *[other] { $count } more reports wait.
}
reports-none = No reports are waiting.
report-kept = Closed; the picture stays.
report-deleted = Closed; the request is deleted with its pictures, and its message too where the chat allows that.
command-admin-reports = What people reported. For operators
words-none = No words are listed here. /admin words add puts one on the list.
words-listed = { $count ->
    [one] 1 word is not wanted in prompts here:
   *[other] { $count } words are not wanted in prompts here:
} { $words }
words-one = “{ $word }”
words-more = and { $count } more
command-admin-words = Words that are not wanted in prompts in this server
command-admin-words-add = Put a word on the list
command-admin-words-add-word = The word; * stands for any letters, ? for one
command-admin-words-remove = Take a word off the list
command-admin-words-remove-word = The word as it is on the list
command-admin-words-list = The words on the list
telegram-report-ask = What is wrong with this picture? Please answer this message in a few words; whoever runs this bot reads them.
telegram-admin-reports-how = Please type /admin reports, or keep or delete and a report's number after it.
telegram-admin-words-how = Please type /admin words add and a word (* stands for any letters, ? for one), /admin words remove and a word, or /admin words.
reject-report-without-reason = Please say in a few words what is wrong with the picture.
reject-report-reason-too-long = Please keep the reason below { $limit } characters.
reject-reported-before = You reported this picture already; thank you, it is being looked at.
reject-too-many-reports = You have reported { $limit } pictures today, that is the most. Please go on tomorrow.
reject-report-unknown = There is no such open report; somebody may have closed it already.
reject-word-not-allowed = “{ $word }” is not allowed here, so nothing was drawn or charged. Please put it differently.
reject-word-unfit = “{ $given }” can not be on the list: beside * and ? it needs at least two letters or digits in a row, and at most { $limit } characters.
reject-word-unknown = “{ $given }” is not on the list.
reject-too-many-words = There are { $limit } words on the list, that is the most. Take one off first; a * covers many.
reject-picture-unchecked = This picture could not be checked just now; please try again in a minute. Nothing was charged.
reject-picture-not-allowed = This picture is not suited for this bot. Please take another one; nothing was charged.

## The page Create

create-from-tray = tray
create-tray-note = What is marked “tray” waits in your tray; a picture chosen here goes first.
create-swap = Swap subject and style
create-styles = Saved styles…
create-recipe = From a recipe…
create-settings = Preferences…
create-visibility = Who may see it
create-public = everybody
create-private = only me
create-spoiler = In chats
create-spoiler-off = shown openly
create-spoiler-on = behind a spoiler
create-as-settings = as I prefer
create-sweep = { $count } seeds
create-sweep-hint = Draws it with four seeds at once, to choose the best likeness
create-nothing-to-swap = There is nothing to swap yet: choose a subject and a style picture first.
create-used-subject = It is your subject now.
create-used-style = It is a style picture now.
create-swap-again = Swap subject and style
create-in-gallery = In the gallery
create-more-actions = More
create-download = Save the file
create-triptych = Save with its references
create-info-title = How this picture was made
create-copy-recipe = Copy the recipe id
create-copied = Copied
create-close = Close
create-delete-title = Delete
create-delete-sure = Delete these pictures for good? Afterwards nobody can see or use them.
create-compare = Compare
create-compare-with = Compare with
create-compare-view = How to compare
create-compare-slider = One over the other
create-compare-side = Side by side
create-compare-split = How much of the reference is shown, in percent
create-result = Result
create-picker-title = Saved styles
create-picker-hint = Choose one to draw in it, or two to { $high } to draw the same in each of them.
create-picker-search = Search by name
create-picker-none = You have no saved styles yet. Put style pictures into the form, then save them here under a name.
create-picker-name = Save the form's style pictures as
create-picker-save = Save
create-picker-use = Use as style
create-grid = Draw in all { $count }
create-grid-bounds = Please choose { $low } to { $high } styles.
create-recipe-title = Make a picture again
create-recipe-id = Recipe id
create-recipe-id-hint = “Info” below a picture shows it, here and in the chats.
create-recipe-again = Make it again
create-recipe-file = Or read it from a picture file
create-recipe-fill = Fill in the form
create-settings-title = Your preferences
create-language = Language
create-language-automatic = as in your browser
create-default-aspect = Shape where you name none
create-no-aspect = square
create-always-private = Only I may see my pictures
create-always-spoiler = Hide my pictures behind a spoiler in chats
create-keep-tray = Keep what lies in my tray after a request
create-settings-note = They are the same in every chat that is linked to you.
create-settings-more = Sign-ins and tokens
create-settings-save = Save
create-settings-saved = Your preferences are saved.

## The local page

web-skip = To the content
web-nav = Pages
web-nav-create = Create
web-nav-gallery = Gallery
web-nav-styles = Styles
web-nav-operate = Operate
web-tagline = Any subject, any scene, any style
web-toy-notice = These pictures only show that everything works. Want real ones? Get the weights, then start again:
web-form-title = Ask for a picture
web-prompt-placeholder = A clay teapot on a mossy stone, morning light
web-prompt-hint = With a subject picture you may leave this empty: the subject then keeps its place.
web-references = Pictures to work from
web-subject-hint = who or what
web-style-hint = how it looks
web-style-2-hint = and a second look
web-drop-hint = Choose, drop or paste PNG, JPEG or WebP.
web-remove = Remove: { $name }
web-custom = Custom
web-label-width = Width
web-label-height = Height
web-label-enlarged = Enlarged picture
web-side-hint = { $low } to { $high } px
web-more = More settings
web-steps-hint = 1 to { $high }
web-guidance-hint = { $low } to { $high }
web-seed-hint = empty: a new one
web-subject-size-hint = 0 to { $high } px, 0 is automatic
web-results-title = Your pictures
web-empty = Nothing here yet. Write what you want to see and press Generate.
web-older = Show older ones
web-progress = Progress
web-picture-alt = Picture { $number }: { $prompt }
web-try-again = Try again
web-back = Back to the page
web-no-script = This page needs JavaScript; please switch it on for this address.
web-not-reachable = USO Bot does not answer. Check that it is still running, then try again.
web-connection-lost = The connection is gone; this page tries again by itself.
web-too-many-dropped = There is room for one subject and two style pictures; remove one first.
web-not-a-picture = That is not a picture file; please use PNG, JPEG or WebP.
web-reject-bad-request = We could not read that request; please reload the page and try again.
web-reject-foreign-host = This page only answers to its own address, such as http://localhost:8080.
web-reject-sign-in-needed = Please sign in first, or send a token of this bot.
web-reject-token-wrong = That token is not known here, or its time is over. Make a new one with: uso-bot web token create
web-reject-scope-too-small = That token is not meant for this. Make one with another scope.
web-reject-page-stale = This page was open for too long; please reload it and try again.
web-reject-cross-site = That request came from another site, so we did not do it.
web-reject-not-found = There is nothing at this address.
web-reject-link-dead = This link does not work any more. Ask the bot for a new one.
web-reject-method-not-allowed = That can not be done at this address.
web-reject-too-large = That was too much text at once; please shorten it.
web-reject-internal = Something broke on our side; please try again.

## Gallery and styles on the page

gallery-title = Gallery
gallery-search = Search
gallery-search-hint = Words from the prompt, the name of a style, or a seed
gallery-kind = Kind
gallery-state = State
gallery-style = Style
gallery-any = Any
gallery-only-favourites = Favourites only
gallery-find = Search
gallery-clear = Show everything
gallery-newest = Back to the newest
gallery-is-favourite = Favourite
gallery-empty = Nothing here yet. What you ask for is kept here with all it was made from.
gallery-draw = Draw something
gallery-nothing-found = Nothing fits all of that. Try fewer words, or show everything.
gallery-state-running = Being drawn
gallery-state-failed = Failed
kind-drawn = New
kind-rerolled = Re-roll
kind-varied = Variation
kind-remixed = Remix
kind-repeated = Repeat
kind-upscaled = Upscale
gallery-neighbours = Through the gallery
gallery-back = All pictures
gallery-newer = Newer
gallery-older = Older
gallery-picture = Picture
gallery-pictures = All pictures of this request
gallery-picture-number = Picture { $number }
gallery-picture-gone = This picture was let go to make room. Its recipe is kept: “Again” draws the same once more.
gallery-no-picture-yet = The picture appears here as it is drawn.
gallery-preview = The picture so far
gallery-references = Made from
gallery-enlarged = Enlarged picture
gallery-reference-gone = no longer kept
gallery-actions = What you can do with it
gallery-draw-more = Draw more
gallery-again = Again
gallery-again-hint = The same to the last pixel
gallery-reroll-hint = The same request with a new seed
gallery-into-tray = Into your tray
gallery-in-tray-subject = It lies in your tray as the subject of your next request.
gallery-in-tray-style = It lies in your tray as a style of your next request.
gallery-favourite-on = Marked as a favourite.
gallery-favourite-off = No longer a favourite.
gallery-download = Download PNG
gallery-parameters = Parameters
gallery-recipe = Recipe
gallery-copy = Copy
gallery-copied = Copied
gallery-family = Family
gallery-no-family = Nothing was made from it yet.
gallery-this-one = this one
gallery-relative-deleted = deleted
gallery-relative-of-others = somebody else's picture
gallery-leave-it = Keep it as it is
gallery-delete-sure = { $count ->
    [0] Delete this request for good?
    [one] Delete this picture for good? Nobody can see or use it any more.
   *[other] Delete these { $count } pictures for good? Nobody can see or use them any more.
}
parameter-kind = Came about as
parameter-mode = Mode
parameter-size = Size
parameter-size-drawn = { $asked } asked, { $drawn } drawn
parameter-variation = Varied toward
parameter-variation-value = seed { $seed }, strength { $strength }
parameter-automatic = automatic
parameter-keep-size = Subject's size kept
parameter-yes = yes
parameter-visibility = Visibility
parameter-private = private
parameter-public = public
parameter-spoiler = hidden until clicked
parameter-cost = Credits
parameter-model = Model
parameter-duration = Drawn in
styles-title = Styles
styles-lead = A style card keeps one or two pictures under a name, ready for your next request, here and in your chats.
styles-new = New style card
styles-name = Name
styles-pictures = Pictures
styles-pictures-hint = One or two, PNG, JPEG or WebP; choose them or drop them here.
styles-too-many = A style card holds two pictures at most.
styles-save = Save the style
styles-search = Find a style
styles-picture = Picture { $number } of “{ $name }”
styles-own = yours
styles-shared = shared with a server
styles-uses = { $count ->
    [one] used once
   *[other] used { $count } times
}
styles-unused = not used yet
styles-draw = Draw with it
styles-tray = Into your tray
styles-in-tray = “{ $name }” lies in your tray, for your next request.
styles-rename = Rename
styles-rename-title = Rename “{ $name }”
styles-renamed = It is called “{ $name }” now.
styles-delete-sure = Delete “{ $name }” for good? What was drawn with it stays.
styles-empty = No style cards yet. Save a picture whose look you like, and draw in that look whenever you wish.
styles-nothing-found = No style card of yours is called that.
## The page Operate

operate-live = Live
operate-now = At this moment
operate-waiting = Waiting
operate-of-people = { $people ->
    [one] of 1 person
   *[other] of { $people } people
}
operate-running = Being drawn
operate-pictures = Pictures
operate-failures = Failures
operate-last-day = in 24 hours
operate-median = One picture takes
operate-engine = Engine
operate-engine-starting = starting
operate-engine-warming-up = warming up
operate-engine-ready = ready
operate-engine-broken = can not start
operate-warm-up-left = Ready in about { $left }
operate-memory = Memory
operate-of-memory = of { $total }
operate-gigabytes = { $size } GB
operate-seconds = { $seconds } s
operate-minutes = { $minutes } min { $seconds } s
operate-hours = { $hours } h { $minutes } min
operate-mode = What the bot does
operate-mode-running = Run
operate-mode-paused = Pause
operate-mode-draining = Drain
operate-restart = Restart the engine
operate-restart-title = Restart the engine?
operate-restart-words = The picture in work goes back to the queue and is drawn next, at no extra cost. Loading the model takes a while.
operate-restarted = The engine starts afresh; what was being drawn is next.
operate-no = No, leave it
operate-queue = Queue
operate-queue-empty = Nobody waits.
operate-place = Place
operate-who = Who
operate-what = What
operate-state = State
operate-waited = There for
operate-left = Still takes
operate-steps = { $steps ->
    [one] 1 step
   *[other] { $steps } steps
}
operate-nobody = somebody who is gone
operate-this-page = This page
operate-choose-person = Choose this person below
operate-more = and { $count } more
operate-plot-memory = Memory of the engine, in GB
operate-plot-speed = Speed
operate-plot-queue = Requests
operate-plot-used = Taken
operate-plot-reserved = Kept ready
operate-plot-total = There is
operate-plot-steps = Steps a second
operate-plot-seconds = Seconds
operate-plot-size = Size
operate-plot-none = Nothing was measured yet.
operate-plot-memory-now = %used% of %total% GB are taken.
operate-plot-speed-now = The last picture took %seconds% s, at %speed% steps a second.
operate-plot-queue-now = %waiting% wait now, %most% at most in the last two hours.
operate-as-table = As a table
operate-when = When
operate-people = People
operate-person = Person
operate-person-hint = Such as discord:80351110224678912 or telegram:42. Press a name in the queue to choose it.
operate-credits = Credits
operate-credits-hint = A negative number takes away what was given.
operate-grant = Give
operate-granted = { $person } was given { $amount } and has { $left } now.
operate-reason = Reason
operate-reason-hint = for operators only
operate-block = Block
operate-block-title = Block this person?
operate-block-words = They can not use the bot any more, on any chat, until you let them in again.
operate-blocked = { $person } is blocked.
operate-unblock = Let in again
operate-unblocked = { $person } is let in again.
operate-chats = Chats
operate-no-chats = No chat is switched on. Set DISCORD_TOKEN or TELEGRAM_TOKEN and start again.
operate-chat = Chat
operate-chat-discord = Discord
operate-chat-telegram = Telegram
operate-chat-web = This page
operate-since = since
operate-connection-connecting = connecting
operate-connection-connected = connected
operate-connection-lost = not reachable
operate-connection-refused = refused
operate-reports = Reports
operate-no-reports = Nobody reported a picture.
operate-report-alt = The reported picture { $number }
operate-report-keep = Leave it
operate-report-kept = The picture stays; the report is closed.
operate-report-delete = Delete the pictures
operate-report-delete-title = Delete these pictures?
operate-report-delete-words = All pictures of this request are deleted, also in the chat. That can not be undone.
operate-report-deleted = The pictures are deleted; the reports about them are closed.
operate-errors = Last errors
operate-no-errors = No errors since the bot was started.
operate-outbox = Not delivered yet
operate-outbox-empty = Everything has arrived.
operate-job = Request
operate-tries = Tries
operate-next-try = Next try
operate-last-error = Last error
operate-audit = Decisions
operate-audit-empty = Nothing was decided yet.
operate-by = Who
operate-action = What
operate-subject = About
operate-detail = Detail
operate-did-grant = Credits
operate-did-tier = Tier
operate-did-block = Blocked
operate-did-unblock = Let in again
operate-did-server-block = Blocked in a server
operate-did-server-unblock = Let in again in a server
operate-did-server-settings = Settings of a server
operate-did-words-add = Word forbidden
operate-did-words-remove = Word allowed again
operate-did-cancel = Request stopped
operate-did-delete = Pictures deleted
operate-did-report-close = Report decided
operate-did-pause = Paused
operate-did-drain = Draining
operate-did-resume = Running again
operate-did-restart-engine = Engine restarted
operate-did-export = Data exported
operate-did-erase = Data erased
operate-did-token-add = Token made
operate-did-token-remove = Token removed
operate-did-backup = Backup
operate-did-other = Something else

## Telegram

telegram-received = Got it, one moment …
telegram-start = Hello! Send me a few words and I draw them. Send a picture with a caption to put its subject into a new scene, or an album: the first picture is the subject, the others are the style. /help shows all.
telegram-help =
    Words alone: a picture from text.
    A picture with a caption: its subject in a new scene.
    An album of two or three: subject, style, second style. Without words I ask what they are for.
    /style as the caption: the picture is the style.
    /imagine and a prompt: works in groups too, also as an answer to a picture.
    /upscale or /info as an answer to a picture: twice its size, or how it was made.

    Flags go anywhere in the words:
    --ar 16:9   --size 768   --seed 7   --steps 30   --g 3.5   --n 4   --keep   --as style
    --style "my ink"   --subject-size 768   --private   --public   --spoiler

    Answer a result with words or flags to change it. Edit your message to correct it while it waits.
telegram-command-imagine = Draw a picture: /imagine a fox in the snow
telegram-command-style = Draw in the style of a picture; save, list and use styles
telegram-command-grid = A picture in several saved styles: /grid ink, wash: a fox
telegram-command-upscale = Twice the size: answer any picture with it
telegram-command-info = How a picture was made: answer it with this
telegram-command-settings = What you prefer: language, privacy, shape
telegram-command-help = What I can do
telegram-private-only = Please write that to me in private; it is about your account.
telegram-unknown-command = I do not know that command. /help shows what I can do.
telegram-style-without-picture = Send /style as the caption of a picture, or as an answer to one.
telegram-picture-without-caption = Nice picture! Please send it again with a caption that says what to draw.
telegram-picture-question = What should this picture be: the subject, the style, or both?
telegram-button-as-subject = Subject
telegram-button-as-style = Style
telegram-button-as-both = Both
telegram-button-keep-layout = Draw now, keep the layout
telegram-button-swap = Swap subject and style
telegram-tray-next = Now write what to draw.
telegram-question-picture-gone = The picture of this question is gone. Please send it again.
telegram-choose-first = Please press one of the buttons first, then write what to draw.
telegram-answer-the-buttons = To change one of these pictures, please answer the message with the buttons below them.
telegram-album-again = Please send the album again with these words; I can not see its pictures any more.
telegram-private-first = That is only for you. Please open a chat with me and press Start, then ask again.
telegram-moving-picture = I can only use pictures that stand still. Please send a photo, or a screenshot of the film.
telegram-moving-sticker = That sticker moves. Please send one that stands still, or a photo.
telegram-heic = HEIC files are not for me. Please send it as a photo instead of a file, or as JPEG.
telegram-remix-ask = Answer this message with new words or flags, and I draw it again that way. Now it says: “{ $prompt }”
telegram-remix-ask-empty = Answer this message with words or flags, and I draw it again that way. So far it has no words.
telegram-remix-placeholder = New words
telegram-button-copy-seed = Copy seed
telegram-button-erase = { $count ->
    [one] Delete for good
   *[other] Delete all { $count } for good
}
telegram-button-keep = Keep
telegram-deleted = Deleted.
telegram-picture-not-fetched = Telegram did not give us your picture. Please send it again.
telegram-flag-without-value = “{ $flag }” needs a value, for example { $example }.
telegram-button-part = Part { $name }
telegram-part-sure = { $name } will start afresh: history, credits and styles stay with this account. Part it?
telegram-search-too-long = “{ $words } …” is too long to search for; one or two words from the prompt are enough.
telegram-button-favourites = ★ Favourites only
telegram-button-all = All requests
telegram-cancel-which = Which one shall stop?
telegram-cancel-nothing = Nothing of yours is waiting or being drawn here.
telegram-button-drop = Take out: { $name }
telegram-button-clear-tray = Empty the tray
telegram-privacy = Your data is yours. Get everything that is kept about you as a file, or have it deleted.
telegram-button-export = Get my data
telegram-button-forget = Delete my data …
telegram-style-choose = Which style?
telegram-style-name-it = Which style? Please name it: /style { $verb } and its name.
telegram-style-save-how = Under which name? Send /style save and a name as the caption of a picture, as an answer to one, or alone to save the styles in your tray.
telegram-style-used = “{ $name }” lies in your tray; your next request is drawn in it.
telegram-style-delete-sure = Delete the style “{ $name }” for good?
telegram-button-use-style = Use
telegram-button-share-style = Share here
telegram-button-delete-style = Delete …
telegram-button-delete-style-for-good = Delete for good
telegram-show-how = Which one? Send /show and an id from /history, or answer a result with /show. With the word triptych you get it beside what it was made from.
telegram-repeat-how = Which one? Send /repeat and an id from /history or Info, or answer a result with /repeat.
telegram-grid-how = Please name { $low } to { $high } saved styles with commas between, then a colon and what to draw: /grid ink, old paper: a fox in the snow
telegram-setting-language = Language
telegram-setting-aspect = Shape
telegram-setting-private = Private
telegram-setting-spoiler = Hidden until tapped
telegram-setting-keep-tray = Keep the tray
telegram-setting-no-aspect = Square, or as asked
telegram-setting-on = on
telegram-setting-off = off
telegram-info-how = Answer a picture with /info, or send it as a file with /info as its caption; an id from /history works too.
telegram-info-photo = That is a photo, and Telegram strips photos of what they carry. Send the original as a file, then I can read how it was made.
telegram-upscale-how = Answer a picture with /upscale, or send one with /upscale as its caption.
telegram-admin-group =
    /admin quota pool 50 – credits a day for everybody here; off shares none
    /admin limits count 2 – pictures in one request; waiting 3, language de; off lifts it
    /admin block, unblock – as an answer to somebody
    /admin words – what must not stand in prompts here; add and remove change it
    /admin stats – how this group stands
telegram-admin-operator =
    /admin pause, drain, resume, stats – the whole bot
    /admin grant 10 – as an answer to somebody, or with telegram:42 before it
    /admin quota tier supporter – likewise; none takes it back
    /admin block everywhere – likewise
    /admin reports – what people reported
telegram-admin-quota-how = Please type /admin quota pool and a number, or off; or, as an answer to somebody, /admin quota tier and its name.
telegram-admin-limits-how = Please type /admin limits, then count, waiting or language, then a value; off lifts a limit.
telegram-admin-grant-how = To whom, and how much? Answer somebody with /admin grant 10, or type /admin grant telegram:42 10.
telegram-admin-block-how = Whom? Answer somebody with it, or type their id after it, such as telegram:42.
telegram-inline-nothing = Nothing yet: draw your first picture
telegram-inline-not-found = Not found: draw it
telegram-private-result = That result is private; ask me for it in private.
telegram-button-original = Original file

## Discord

discord-attachment-unreachable = Discord did not hand over that file; please attach it again.
discord-command-outdated = This command has changed; reload Discord (Ctrl+R) and try again.
discord-permissions-missing = I am not allowed to do all that this needs here: { $names }. Ask a moderator to allow it, or choose “private”.
discord-permission-view-channel = see the channel
discord-permission-read-message-history = read earlier messages
discord-permission-attach-files = attach files
discord-permission-send-messages = write messages
discord-permission-send-messages-in-threads = write in threads
command-imagine = Make a picture from your words, with your subject and in your styles
command-imagine-prompt = What you want to see; may stay empty with a subject picture
command-imagine-subject = A picture of the person, animal or thing to show (PNG, JPEG or WebP)
command-imagine-style = A picture in the style you want
command-imagine-style2 = A second style to mix in
command-imagine-aspect = The shape of the picture; square if you choose none
command-imagine-count = How many pictures, each a little different
command-imagine-seed = The same seed and request give the same picture; -1 draws a new one
command-imagine-steps = More steps take longer and show more detail
command-imagine-guidance = How strictly to follow the prompt
command-imagine-subject-size = How large the subject is seen, in pixels; 0 is automatic
command-imagine-keep-size = Give the picture the size of the subject picture
command-imagine-private = Only you see the card and the result
command-imagine-spoiler = Hide the result until it is clicked
command-imagine-style-card = A saved style, yours or this server's
command-imagine-width = Your own width in pixels, instead of a shape
command-imagine-height = Your own height in pixels, instead of a shape
command-restyle = Show a picture as it is, in another style
command-restyle-subject = The picture that gets another style
command-restyle-prompt = Leave it empty to keep the layout, or write what may change
command-sweep = Four pictures with four seeds, to choose the best likeness
command-sweep-seed = The first of four seeds in a row; -1 draws it
command-grid = One subject or prompt in up to five saved styles
command-grid-first = The first saved style
command-grid-second = The second saved style
command-grid-third = The third saved style
command-grid-fourth = The fourth saved style
command-grid-fifth = The fifth saved style
command-grid-seed = The seed that all of them share; -1 draws one
form-remix = Remix
form-seed-hint = Empty: a new one
form-steps-hint = 1 to { $high }
form-guidance-hint = { $low } to { $high }
form-long-prompt-hint = The prompt is too long for this form; leave it empty to keep it as it is.
form-keep-size = As it is ({ $width } × { $height })
menu-use-as-subject = Use as subject
menu-use-as-style = Use as style
menu-restyle = Restyle this...
menu-image-info = Image info
menu-upscale = Upscale image
form-restyle = Restyle this picture
form-restyle-prompt-hint = Leave it empty to keep the layout, or write what may change.
form-style-card = Saved style
form-style-tray = None of them (what I attach, or my tray)
form-style-files = Style pictures
form-style-files-hint = One or two; without any, a saved style or your tray is used.
discord-aspect-square = Square 1:1
discord-aspect-landscape-4-3 = Landscape 4:3
discord-aspect-portrait-3-4 = Portrait 3:4
discord-aspect-landscape-3-2 = Photo, landscape 3:2
discord-aspect-portrait-2-3 = Photo, portrait 2:3
discord-aspect-wide-16-9 = Wide 16:9
discord-aspect-tall-9-16 = Tall 9:16

## Signing in to the page, and tokens for programs

reject-password-wrong = That password is not right. If you forgot it, set a new one on the machine of the bot: uso-bot web password
reject-password-length = Please take a password of { $low } to { $high } characters.
reject-sign-in-too-often = Those were too many wrong passwords; try again in { $minutes } min.
reject-token-name-bad = Please give the token a name of 1 to { $limit } characters.
reject-token-name-taken = There is a token named “{ $name }” already; choose another name, or revoke that one first.
reject-token-days-out-of-range = A token can last { $low } to { $high } days, or until you revoke it.
reject-token-unknown = There is no token “{ $name }” any more.
reject-token-used-too-often = This token was used too often; try again in { $seconds } s.
web-login-title = Sign in
web-login-lead = This page is open to whoever knows its password.
web-login-password = Password
web-login-show = Show the password
web-login-button = Sign in
web-login-forgot = Forgot it? On the machine of the bot, uso-bot web password sets a new one.
web-sign-out = Sign out
web-settings-title = Settings
web-settings-tokens = Tokens for programs
web-settings-tokens-lead = With a token, your own scripts can draw, operate or measure. Give each program its own, with no more than it needs.
web-settings-tokens-docs = How to use them
web-settings-no-tokens = There are no tokens yet.
web-settings-token-name = Name
web-settings-token-name-hint = For you to know it again, such as “nightly script”.
web-settings-token-scope = What it may do
web-settings-scope-draw = Draw and look at pictures
web-settings-scope-operate = Operate, draw and read measurements
web-settings-scope-metrics = Read measurements
web-settings-token-life = How long it lasts
web-settings-token-days = { $days } days
web-settings-token-for-good = Until I revoke it
web-settings-token-create = Make a token
web-settings-token-fresh = The token “{ $name }” is ready. Copy it now: it is shown this once.
web-settings-token-copy = Copy
web-settings-token-copied = Copied
web-settings-token-holder = for { $holder }
web-settings-token-expires = until { $date }
web-settings-token-expired = over since { $date }
web-settings-token-lasting = until revoked
web-settings-token-used = last used { $date }
web-settings-token-unused = never used
web-settings-token-revoke = Revoke
web-settings-token-revoke-named = Revoke the token “{ $name }”
web-settings-token-revoked = The token “{ $name }” is revoked; programs that use it are shut out.
web-settings-sessions = Signed in
web-settings-sessions-lead = Browsers that are signed in with your password. After a week without use they are signed out by themselves.
web-settings-session-here = this browser
web-settings-session-line = { $agent }, from { $address }
web-settings-session-seen = last used { $date }
web-settings-session-unknown-browser = unknown browser
web-settings-sessions-end = Sign out everywhere else
web-settings-sessions-ended = { $count ->
    [0] Nobody else was signed in.
    [one] One other browser is signed out.
   *[other] { $count } other browsers are signed out.
}
web-settings-no-login = This page can be reached from this machine only, so it asks for no password.
web-api-title = For your own programs
web-api-lead = Whatever this page can do, your scripts can do as well, over HTTP.
web-api-document = The whole description (OpenAPI 3.1)
web-api-first = A picture in four steps
web-api-token = Make a token, here or on the command line; on the machine of the bot itself none is needed unless the page asks for a password.
web-api-ask = Ask for a picture; only the prompt is needed. The answer is its card, with an id.
web-api-follow = Follow it until it is done, as server-sent events.
web-api-fetch = Fetch the picture, with its recipe inside.
web-api-vary = Ask for a variation, or for the same with a new seed by way of reroll.
web-api-refused = When something is refused
web-api-refused-lead = Every refusal is one sentence for people, in the language that Accept-Language asks for, and a code for programs. Where waiting helps, Retry-After says for how long.
