//! Hands a message to SNS.

use std::error::Error;

use aws_config::{Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use tracing::info;

use super::Notice;
use crate::settings::Topic;

/// A topic, and a client in its region.
#[derive(Debug, Clone)]
pub struct Publisher {
    client: Client,
    topic: String,
}

impl Publisher {
    /// A client in the topic's region: SNS refuses a topic of another one.
    pub fn new(topic: &Topic, config: &SdkConfig) -> Self {
        let config = config.to_builder().region(Region::new(topic.region.clone())).build();
        Self { client: Client::new(&config), topic: topic.arn.clone() }
    }

    /// The topic's ARN.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Publishes a message.
    pub async fn publish(&self, notice: &Notice) -> Result<(), Box<dyn Error + Send + Sync>> {
        let message_id = self.send(notice).await?;
        info!(topic = self.topic, message_id, "report published");
        Ok(())
    }

    async fn send(&self, notice: &Notice) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
        let mut request = self
            .client
            .publish()
            .topic_arn(&self.topic)
            .subject(&notice.subject)
            .message(&notice.message)
            .message_structure("json");
        for (name, kind, value) in &notice.attributes {
            let value = MessageAttributeValue::builder().data_type(*kind).string_value(value).build()?;
            request = request.message_attributes(*name, value);
        }
        Ok(request.send().await?.message_id)
    }
}
